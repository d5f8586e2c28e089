import Lessons

/// The input is a lecturer's file of questions; what can be read is asked of a conversation.
enum QuestionsTarget {
  static func run(_ octets: [UInt8]) {
    do throws(QuestionError) {
      for question in try QuestionFile.parse(String(decoding: octets, as: UTF8.self)) {
        _ = question.answer(from: conversation)
      }
    } catch { _ = error.description }
  }
  private static let conversation: Fact = {
    let line = #"""
      {"version":1,"stream":0,"protocol":"smtp","client":{"address":"192.0.2.2","port":40000,"synFrame":1},
       "server":{"address":"192.0.2.1","port":25},"frameRange":[1,20],"begin":1.5,"end":2.5,
       "exchanges":[{"request":{"verb":"EHLO","line":"EHLO a","frames":[4],"bytes":[[4,54,6]]},
       "replies":[{"code":250,"lines":["250-a","250 SIZE 1"],"frames":[5,6],"bytes":[]}]}],
       "credentials":[],"messages":[{"via":"DATA","fields":[{"name":"From","value":"a"}],"frameRange":[7,9]}]}
      """#
    do { return try FactParser.parse(Array(line.utf8).span) } catch { fatalError("the sample: \(error)") }
  }()
}
