import TestRandom

@testable import FetchCore

/// A line of the manifest that is not blank, and what the API will say of its job.
struct NightLine {
    let manifest: String
    let number: Int
    let content: Content
    /// How long after the line before it this one comes.
    let pause: Duration

    enum Content {
        case job(Int, JobFate)
        case duplicate(of: Int)
        case invalid(FailureCode)
    }

    /// What tells one line from all others.
    var place: String { "\(manifest):\(number)" }

    var item: ManifestItem {
        let entry = ManifestEntry(
            manifest: manifest, line: number, input: Array(place.utf8), firstSeen: Timestamp(milliseconds: 0))
        switch content {
        case .job(let job, _), .duplicate(let job): return .job(.sample(job), entry)
        case .invalid(let code): return .invalid(entry, JobFailure(code, at: .manifest, "no job"))
        }
    }

    static func draw(_ random: inout SeededGenerator) -> [NightLine] {
        let count = random.number(in: 1...14)
        let isSlow = random.chance(0.3)
        let secondManifest = random.chance(0.3) ? random.number(in: 0...count) : count
        var lines: [NightLine] = []
        var jobs = 0
        var number = 0
        for index in 0..<count {
            if index == secondManifest { number = 0 }
            // Blank lines count and are not handed on.
            number += random.chance(0.1) ? 2 : 1
            let content: Content
            switch random.number(in: 0..<10) {
            case 0: content = .invalid(random.pick(from: [.invalidJSON, .missingJobID, .invalidJobID, .lineTooLong]))
            case 1...2 where jobs > 0: content = .duplicate(of: random.number(in: 1...jobs))
            default:
                jobs += 1
                content = .job(jobs, JobFate.draw(&random))
            }
            lines.append(
                NightLine(
                    manifest: index < secondManifest ? "a.jsonl" : "b.jsonl", number: number, content: content,
                    pause: isSlow && random.chance(0.3) ? .seconds(random.number(in: 1...60)) : .zero))
        }
        return lines
    }
}
