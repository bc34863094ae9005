import FetchCore
import Testing
import TestSupport

@testable import Manifests

/// Lines for manifests, and what is read of these.
protocol ReadsManifests {}

extension ReadsManifests {
    func open(_ paths: String...) throws -> ManifestFiles {
        try ManifestFiles.open(paths, clock: { Sample.now })
    }

    func quoted(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "\"00000000-0000-0000-0000-\(String(repeating: "0", count: 12 - digits.count))\(digits)\"\n"
    }

    /// Reads to the end, and tells each line by manifest, number and whether it is a job.
    func lines(of manifests: ManifestFiles, upTo limit: Int = 10) -> [String] {
        var lines: [String] = []
        while true {
            let batch = manifests.read(upTo: limit)
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
