import ArgumentParser
import PictorySimulator

/// `pictory-simulator serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve on 127.0.0.1 until SIGTERM or SIGINT.",
        discussion: """
            Prints one JSON line when ready: {"base_url":"…","api_key":"…"}. Everything about a job follows from its id \
            and the seed. GET /simulator/stats tells what was asked.
            """)

    @Option(help: "The port; 0 lets the system choose.")
    var port = 0

    @Option(help: "Another seed is another night: other outcomes, other pictures.")
    var seed: UInt64 = 1

    @Option(help: "How the night goes.")
    var scenario = Scenario.evening

    @Option(
        help: """
            Virtual seconds that pass in a real one. Poll as much faster: an example job that nobody asks about for 600 \
            virtual seconds begins anew.
            """)
    var timeScale = 1.0

    @Option(name: .customLong("images"), help: "One size for every image, as WxH; otherwise the id chooses.")
    var imageSize: ImageSize?

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port must be from 0 to 65535.")
        }
        guard timeScale.isFinite, timeScale > 0, timeScale <= 1_000_000 else {
            throw ValidationError("--time-scale must be above 0 and at most 1000000.")
        }
    }

    func run() async throws {
        let options = SimulatorOptions(
            port: port, seed: seed, scenario: scenario, timeScale: timeScale, imageSize: imageSize)
        do throws(SimulatorFailure) {
            try await SimulatorServer(options).run()
        } catch {
            try Complaint.end(with: error)
        }
    }
}
