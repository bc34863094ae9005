@testable import PictorySimulator

/// Asks a simulation questions at moments of the test's choosing.
final class Trial {
    var simulation: Simulation

    init(_ scenario: Scenario = .calm, seed: UInt64 = 7, timeScale: Double = 1) {
        simulation = Simulation(
            scenario: scenario, seed: seed, timeScale: timeScale, forcedSize: ImageSize(argument: "32x24"))
    }

    static func fixture(_ code: UInt8) -> String {
        let digits = String(code, radix: 16)
        return "00000000-0000-4000-8000-0000000000" + (digits.count < 2 ? "0" : "") + digits
    }

    func poll(_ job: String, at seconds: Double = 0, headers: [String: String] = [:]) -> Reply {
        let standard = ["Authorization": "pictai_simulator", "User-Agent": "trial/1"]
        let fields = standard.merging(headers) { _, given in given }.filter { !$0.value.isEmpty }
        let request = IncomingRequest(
            path: "/pictoryapis/v1/jobs/\(job)", authority: "127.0.0.1:9",
            headers: fields.map { IncomingRequest.Header(name: $0.key, value: $0.value) })
        return simulation.answer(request, at: Moment(seconds: seconds, unixTime: 784_111_777))
    }

    func poll(_ fixture: Fixture, at seconds: Double = 0) -> Reply {
        poll(Trial.fixture(fixture.rawValue), at: seconds)
    }

    func download(_ url: String, headers: [IncomingRequest.Header] = []) -> Reply {
        let prefix = "http://127.0.0.1:9"
        let target = url.hasPrefix(prefix) ? String(url.dropFirst(prefix.count)) : url
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let request = IncomingRequest(
            path: parts[0], query: parts.count > 1 ? parts[1] : "", authority: "127.0.0.1:9", headers: headers)
        return simulation.answer(request, at: Moment(seconds: 0))
    }

    /// Polls a fixture once and downloads what its reply names.
    func pollAndDownload(_ fixture: Fixture) -> Reply? {
        guard let url = poll(fixture).url else { return nil }
        return download(url)
    }
}

extension Reply {
    var text: String {
        guard case .bytes(let bytes) = body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The url in the body, found by its spelling.
    var url: String? {
        guard let start = text.firstRange(of: "\"url\":\"")?.upperBound,
            let end = text[start...].firstIndex(of: "\"")
        else { return nil }
        return String(text[start..<end])
    }

    func header(_ name: Header.Name) -> String? {
        headers.first { $0.name == name }?.value
    }
}
