import FetchCore
import TestSupport

@testable import Manifests

extension Sample {
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
