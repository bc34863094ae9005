import Foundation
import Testing

/// A result record as any JSON reader sees it.
struct Record {
    /// The line as it was written.
    let line: String
    private let fields: [String: Any]

    /// The records of a results file, each of which is checked by the schema.
    static func all(in text: String) throws -> [Record] {
        #expect(text.isEmpty || text.hasSuffix("\n"), "the last record has no end")
        return try text.split(separator: "\n").map { line in
            Validator.expect(String(line), by: .record)
            return try Record(String(line))
        }
    }

    init(_ line: String) throws {
        self.line = line
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        fields = try #require(value as? [String: Any], "not an object: \(line)")
    }

    var jobID: String? { fields["job_id"] as? String }
    var status: String { fields["status"] as? String ?? "" }
    var number: Int { fields["line"] as? Int ?? 0 }
    var code: String? { object("error")["code"] as? String }
    var action: String? { object("retry")["action"] as? String }
    var polls: Int? { fields["polls"] as? Int }
    var downloads: Int? { fields["downloads"] as? Int }
    var runs: Int? { fields["runs"] as? Int }
    var elapsed: Int? { fields["elapsed_ms"] as? Int }
    var waited: Int? { fields["waited_ms"] as? Int }
    var downloadTime: Int? { fields["download_ms"] as? Int }
    var warnings: [String] { fields["warnings"] as? [String] ?? [] }
    var image: [String: Any] { object("image") }

    func has(_ name: String) -> Bool { fields[name] != nil }
    func text(_ name: String) -> String? { fields[name] as? String }
    func object(_ name: String) -> [String: Any] { fields[name] as? [String: Any] ?? [:] }

    /// The fields' names in the order in which they stand.
    var names: [String] {
        fields.keys.compactMap { name in
            line.range(of: "\"\(name)\":").map { (name, $0.lowerBound) }
        }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}
