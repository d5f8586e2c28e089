/// Words for names and messages that differ from student to student: short, in lower case, and safe in YAML.
package enum WordList: String, CaseIterable, Sendable {
  case people, domains, subjects, sentences, things, folders

  package var words: [String] {
    switch self {
    case .people:
      [
        "alice", "amir", "anna", "bela", "bruno", "carla", "chen", "clara", "dana", "david", "elena", "emil", "farah",
        "felix", "gita", "hana", "hugo", "ines", "ivan", "jana", "joel", "kenji", "lara", "leon", "lina", "marta",
        "milan", "nadia", "noah", "olga", "omar", "paula", "petra", "quentin", "rosa", "samir", "sofia", "tariq",
        "tessa", "uma", "vera", "viktor", "wanda", "yara", "yusuf", "zoe",
      ]
    case .domains:
      [
        "acorn", "amber", "birch", "brook", "cedar", "cliff", "clover", "coral", "delta", "dune", "ember", "fern",
        "fjord", "garnet", "grove", "harbor", "hazel", "heron", "island", "ivy", "juniper", "lagoon", "larch",
        "linden", "maple", "meadow", "mistral", "oak", "olive", "orchard", "pebble", "pine", "prairie", "quartz",
        "raven", "reef", "river", "saffron", "sparrow", "summit", "thistle", "tundra", "valley", "willow",
      ]
    case .subjects:
      [
        "Crepes on Friday?", "Bicycle for sale", "Choir practice moved", "Minutes of Monday", "Lost umbrella",
        "Exam dates", "Concert tickets", "Garden party", "Library fines", "New bus timetable", "Seminar room 12",
        "Notes for the tutorial", "Picnic on Sunday", "Printer on floor 3", "Recipe for soup", "Ski trip",
        "Study group", "The missing key", "Trip to the coast", "Your chess set",
      ]
    case .sentences:
      [
        "I have found the blue folder under the piano.", "Please bring the long ladder and two ropes.",
        "The cat has learned to open the kitchen door.", "We meet at the fountain when the clock strikes five.",
        "Nobody told me that the lift is out of order.", "There are seven pears left in the basket.",
        "The tram to the harbour leaves from platform nine.", "My sister plays the cello on Thursday evening.",
        "I shall paint the fence green, whatever he says.", "The old oven needs twenty minutes to get warm.",
        "Take the second street on the left behind the mill.", "The tickets are in the drawer with the candles.",
        "Rain is expected, so the boats stay in the shed.", "He reads three newspapers before breakfast.",
        "The museum opens an hour later in winter.", "Both keys fit, but only one of them turns.",
      ]
    case .things:
      [
        "flour", "sugar", "rice", "apples", "walnuts", "cheese", "butter", "coffee", "candles", "nails", "paint",
        "string", "lentils", "honey", "plums", "salt",
      ]
    case .folders:
      [
        "Recipes", "Travel", "Invoices", "Music", "Garden", "Thesis", "Family", "Sports", "Lectures", "Photos",
        "Letters", "Projects",
      ]
    }
  }
}
