import Foundation
import Testing

/// A page as a reader of HTML that nobody here wrote understands it.
struct ReadPage: Decodable {
    /// Each tag with the names of its attributes.
    let tags: [String]
    let headings: [String]
    let texts: [String]
    let settings: String
    let records: String
    let blocks: [Int]

    /// Reads a page that fetches and runs nothing but its own.
    init(_ name: String, in scratch: Scratch, _ location: SourceLocation = #_sourceLocation) async throws {
        let script = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Validators/page.py").path
        let ended = try await tool("/usr/bin/python3", [script, scratch.path(name)], in: scratch)
        try #require(ended.status == 0, "\(ended.standardError)", sourceLocation: location)
        self = try JSONDecoder().decode(ReadPage.self, from: Data(ended.standardOutput.utf8))
    }

    func has(_ text: String) -> Bool { texts.contains { $0.contains(text) } }
}
