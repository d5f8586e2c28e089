import Foundation
import Grading

/// What an error says to a person.
enum ErrorWords {
  static func of(_ error: any Error) -> String {
    error is ExerciseError || error is WorksheetError ? "\(error)" : (error as NSError).localizedDescription
  }
}
