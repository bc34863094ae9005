import Testing

@testable import FetchCore

@Suite struct TrustedManifestTests {
    private static let image = CompletedImage(url: "https://cdn.example/a.png")

    @Test func completedWithAUrlIsBelievedWithItsWarnings() {
        let reply = PollReply(.completed(Self.image), warnings: [.jobIDNotEchoed])
        #expect(TrustedReply(.success(reply)) == .completed(Self.image, warnings: [.jobIDNotEchoed]))
    }

    @Test func onlyTheEndsThatAReplyMayTellAreBelieved() {
        for code in FailureCode.allCases {
            let failure = JobFailure(code, at: .poll, "no image")
            let isBelieved = [.jobFailed, .jobCleaned, .jobNotFound].contains(code)
            #expect(TrustedReply(.failure(failure)) == (isBelieved ? .failed(failure) : nil), "\(code)")
        }
    }

    @Test func replyThatAPollHasToClearUpIsNotBelieved() {
        #expect(TrustedReply(.inProgress) == nil)
        let failure = JobFailure(.invalidResponse, at: .poll, "no url")
        #expect(TrustedReply(.success(PollReply(.completedWithoutURL(failure)))) == nil)
    }

    @Test func linesAreBelievedByTheirJSONAndAllElseIsTheManifestsOwn() {
        let reply = Array("reply".utf8)
        let settled = ManifestItem.settled(.sample(4), .sample(line: 5, input: reply), .failed)
        let invalid = ManifestItem.invalid(.sample(line: 6, input: reply), JobFailure(.invalidJSON, at: .manifest, "?"))
        let items: [ManifestItem] = [
            .job(.sample(1), .sample(line: 1, input: reply)), .job(.sample(2), .sample(line: 2)),
            .job(.sample(3), .sample(line: 3, input: Array("other".utf8))), settled, invalid,
        ]
        let trusted = TrustedManifest(FixedManifest(items: items)) { line, id in
            line == reply ? .success(PollReply(.completed(CompletedImage(url: "\(id)")))) : nil
        }
        let batch = trusted.read(upTo: 9)
        #expect(batch.ended)
        #expect(batch.portion == 0.5)
        let told = TrustedReply.completed(CompletedImage(url: "\(JobID.sample(1))"), warnings: [])
        #expect(batch.items == [.told(.sample(1), .sample(line: 1, input: reply), told)] + items.dropFirst())
        #expect(trusted.unreadable == ["limit 9"])
    }
}

/// A manifest of these lines; what is asked of it shows as one that cannot be read.
private struct FixedManifest: ManifestSource {
    let items: [ManifestItem]

    func read(upTo limit: Int) -> ManifestBatch { ManifestBatch(items: items, ended: true, portion: 0.5) }

    func stop() {}

    var unreadable: [String] { ["limit 9"] }
}
