import FetchCore
import Testing
import TestSupport

@testable import Manifests

extension Sample {
    /// A manifest line that is a bare string, the id of a job with this number.
    static func quoted(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "\"00000000-0000-0000-0000-\(String(repeating: "0", count: 12 - digits.count))\(digits)\"\n"
    }

    /// What the parser makes of a line.
    static func item(_ line: String, at number: Int = 1) -> ManifestItem {
        item(Array(line.utf8), at: number)
    }

    static func item(_ line: [UInt8], at number: Int = 1) -> ManifestItem {
        ManifestLineParser.item(of: line.span, manifest: "jobs.jsonl", line: number, now: now)
    }
}

extension ManifestItem {
    var id: JobID? {
        if case .job(let id, _) = self { id } else { nil }
    }

    var failure: JobFailure? {
        if case .invalid(_, let failure) = self { failure } else { nil }
    }

    var input: String? {
        entry.input.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension ManifestFiles {
    static func open(_ paths: String...) throws(ManifestsError) -> ManifestFiles {
        try open(paths, clock: { Sample.now })
    }

    /// Reads to the end, and tells each line by manifest, number and whether it is a job.
    func lines(upTo limit: Int = 10) -> [String] {
        var lines: [String] = []
        while true {
            let batch = read(upTo: limit)
            #expect(batch.items.count <= limit)
            lines += batch.items.map { item in
                let name = item.entry.manifest.split(separator: "/").last ?? "-"
                return "\(name):\(item.entry.line) \(item.failure?.code.rawValue ?? "job")"
            }
            if batch.ended { return lines }
            #expect(!batch.items.isEmpty, "a read that has not ended has a line")
        }
    }
}
