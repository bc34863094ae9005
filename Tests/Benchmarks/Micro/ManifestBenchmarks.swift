import Benchmark
import FetchCore

@testable import Manifests

/// A manifest's lines on their way in, as they are read from a block of bytes.
func manifestBenchmarks() {
    lines("manifest line in: an id alone") { id, _ in #""\#(id)""# }
    lines("manifest line in: plain") { id, _ in #"{"job_id":"\#(id)"}"# }
    lines("manifest line in: with fields of the user's") { id, number in
        #"{"job_id":"\#(id)","prompt":"city skyline in the rain, long exposure","tags":["night","rain"],"#
            + #""customer":\#(number),"price":0.042,"paid":true,"note":"caf\u00e9 \"Zur Post\""}"#
    }
    lines("manifest line in: the reply of Generate Image") { id, _ in #"{"success":true,"data":{"jobId":"\#(id)"}}"# }
}

private func lines(_ name: String, spelled: (JobID, Int) -> String) {
    let count = 10_000
    let manifest = (1...count).map { Array(spelled(Material.id($0), $0).utf8) }
    benchmark(name, in: .lines, amount: count) {
        var plainLines = PlainLineReader()
        for (index, line) in manifest.enumerated() {
            let item =
                plainLines.line(line.span)?
                .item(of: line.span, manifest: "jobs.jsonl", line: index + 1, now: Material.now)
                ?? ManifestLineParser.item(of: line.span, manifest: "jobs.jsonl", line: index + 1, now: Material.now)
            blackHole(item)
        }
    }
}
