import Foundation
import Testing

/// A run's totals as any JSON reader sees them.
struct Totals: Decodable, Equatable {
    let exitStatus: Int32
    let stoppedBy: String?
    let manifests: [String]
    let results: String
    let records: Int
    let byStatus: [String: Int]
    let byAction: [String: Int]
    let byCode: [String: Int]
    let settled: [String: Int]
    let bytes: Int
    let polls: Int
    let creditsUsed: Double

    /// Reads a text that is by the schema.
    init(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
        Validator.expect(text, by: .summary, location)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Totals.self, from: Data(text.utf8))
    }
}

extension Fetch {
    /// Lets a run leave its totals and metrics in the files that a test reads them from.
    static let accountFiles = ["--summary", "summary.json", "--metrics", "night.prom"]
}

extension Scratch {
    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    /// The totals in a summary file of this folder: one line, and nothing beside it.
    func totals(_ name: String = "summary.json", _ location: SourceLocation = #_sourceLocation) throws -> Totals {
        let text = try text(name)
        #expect(text.hasSuffix("}\n") && !text.dropLast().contains("\n"), sourceLocation: location)
        return try Totals(String(text.dropLast()), location)
    }

    /// The samples of a metrics file of this folder, by name and labels, as Prometheus' own reader understands them.
    func metrics(_ name: String = "night.prom") async throws -> [String: Double] {
        let script = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Validators/metrics.py").path
        let ended = try await tool("/usr/bin/python3", [script, path(name)], in: self)
        try #require(ended.status == 0, "\(ended)")
        var samples: [String: Double] = [:]
        for line in ended.standardOutput.split(separator: "\n") {
            let sample = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any])
            let labels = try #require(sample[1] as? [String: String])
            #expect(labels["run"] == "night")
            let isHistogram =
                labels["le"] != nil || (sample[0] as? String)?.hasSuffix("_seconds_sum") == true
                || (sample[0] as? String)?.hasSuffix("_seconds_count") == true
            #expect(sample[3] as? String == (isHistogram ? "histogram" : "gauge"))
            let rest = labels.filter { $0.key != "run" }.sorted { $0.key < $1.key }.map(\.value)
            let key = ([sample[0] as? String ?? ""] + rest).joined(separator: " ")
            #expect(samples[key] == nil, "\(key) is there twice")
            samples[key] = sample[2] as? Double
        }
        return samples
    }
}
