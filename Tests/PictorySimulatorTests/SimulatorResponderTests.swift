import Hummingbird
import HummingbirdTesting
import Testing

@testable import PictorySimulator

@Suite struct SimulatorResponderTests {
    private func application() -> some ApplicationProtocol {
        let simulation = Simulation(scenario: .calm, seed: 7, forcedSize: ImageSize(argument: "32x24"))
        return Application(responder: SimulatorResponder(simulation) { Moment(seconds: 0) })
    }

    private let key: HTTPFields = [.authorization: "pictai_simulator", .userAgent: "trial/1"]

    @Test func imageIsServedWithItsLengthAndNothingStaysInFlight() async throws {
        try await application().test(.router) { client in
            let job = Trial.fixture(1)
            let poll = try await client.execute(uri: "/pictoryapis/v1/jobs/\(job)", method: .get, headers: key)
            let text = String(buffer: poll.body)
            let start = try #require(text.firstRange(of: "/images/")).lowerBound
            let end = try #require(text[start...].firstIndex(of: "\""))
            let image = try await client.execute(uri: String(text[start..<end]), method: .get)
            #expect(image.headers[.contentType] == "image/png")
            #expect(image.headers[.contentLength] == String(image.body.readableBytes))
            #expect(Array(image.body.readableBytesView.prefix(4)) == [0x89, 0x50, 0x4E, 0x47])
            let stats = try await client.execute(uri: "/simulator/stats?jobs=false", method: .get)
            #expect(String(buffer: stats.body).contains(#""in_flight":{"now":0,"most":1}"#))
        }
    }

    @Test func unknownPathsAreNotFound() async throws {
        try await application().test(.router) { client in
            let reply = try await client.execute(uri: "/elsewhere", method: .get, headers: key)
            #expect(reply.status == .notFound)
        }
    }
}
