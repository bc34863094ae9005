import FetchCore
import HTTPTransport
import FoundationEssentials
import Testing

/// The replies in `samples/replies`, each of which becomes what the index beside them says.
///
/// They are composed after what is documented and published of the API, not recorded from it.
@Suite struct SampleTests {
    struct Sample: Decodable, Sendable, CustomTestStringConvertible {
        let file: String
        let status: Int
        let retryAfter: String?
        let expect: String

        enum CodingKeys: String, CodingKey {
            case file, status, expect
            case retryAfter = "retry_after"
        }

        var testDescription: String { file }
    }

    private static let directory = "\(#filePath)/../../../samples/replies"
    private static let index = "index.jsonl"
    /// When the replies are taken to have arrived; the dates in the index are near it.
    private static let arrival = "Sun, 06 Nov 1994 08:49:37 GMT"

    private static func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: directoryURL.appending(path: file)))
    }

    private static var directoryURL: URL {
        URL(filePath: directory).standardized
    }

    private static func samples() throws -> [Sample] {
        try bytes(index).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Sample.self, from: Data($0))
        }
    }

    @Test(arguments: try samples())
    func everySampleBecomesWhatTheIndexSays(_ sample: Sample) throws {
        let wait = sample.retryAfter.flatMap {
            RetryAfter.parse($0, date: Self.arrival, now: Timestamp(milliseconds: 0))
        }
        let outcome = try Replies.outcome(try Self.bytes(sample.file), status: sample.status, retryAfter: wait)
        switch outcome {
        case .success(let reply):
            let state =
                switch reply.state {
                case .inProgress: "in_progress"
                case .completed: "completed"
                case .completedWithoutURL: "completed_without_url"
                }
            #expect(state == sample.expect)
        case .failure(let failure):
            #expect(failure.code.rawValue == sample.expect)
            #expect(failure.stage == .poll)
            #expect(failure.httpStatus == sample.status)
            #expect(failure.retryAfter == wait)
        }
    }

    @Test func everyWaitInTheIndexIsReadable() throws {
        let headers = try Self.samples().compactMap(\.retryAfter)
        #expect(!headers.isEmpty)
        for header in headers {
            let wait = RetryAfter.parse(header, date: Self.arrival, now: Timestamp(milliseconds: 0))
            #expect(try #require(wait) > .zero)
        }
    }

    @Test func everyFileHasOneLineAndEveryLineAFile() throws {
        let listed = try Self.samples().map(\.file)
        let present = try FileManager.default.contentsOfDirectory(atPath: Self.directoryURL.path)
        #expect(listed.sorted() == present.filter { $0 != Self.index }.sorted())
    }

    @Test func everyFileIsNamedAfterItsHTTPStatus() throws {
        for sample in try Self.samples() {
            #expect(sample.file.hasPrefix("\(sample.status)-"))
        }
    }

    @Test func everyOutcomeOfAPollHasASample() throws {
        let expected = Set(try Self.samples().map(\.expect))
        let codes: [FailureCode] = [
            .rateLimited, .serverError, .timeout, .invalidResponse, .httpError, .unauthorized, .forbidden, .jobNotFound,
            .jobFailed, .jobCleaned, .jobIDMismatch, .unknownStatus, .notAnImageJob,
        ]
        #expect(expected == Set(codes.map(\.rawValue) + ["completed", "completed_without_url", "in_progress"]))
    }
}
