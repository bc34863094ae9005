import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// What a simulator is to be, already checked.
public struct SimulatorOptions: Sendable {
    public var port: Int
    public var seed: UInt64
    public var scenario: Scenario
    public var timeScale: Double
    public var imageSize: ImageSize?

    /// A port of 0 lets the system choose one; `timeScale` must be finite and above 0.
    public init(port: Int, seed: UInt64, scenario: Scenario, timeScale: Double, imageSize: ImageSize?) {
        self.port = port
        self.seed = seed
        self.scenario = scenario
        self.timeScale = timeScale
        self.imageSize = imageSize
    }
}

/// Why a simulator did not start or did not go on.
public enum SimulatorFailure: Error, Equatable {
    case portInUse(Int)
    case cannotListen(String)
    case standardOutput(errno: Int32)

    /// A sentence for a person.
    public var sentence: String {
        switch self {
        case .portInUse(let port):
            "Port \(port) of 127.0.0.1 is in use; choose another, or 0 to let the system choose."
        case .cannotListen(let reason): "The simulator cannot listen on 127.0.0.1: \(reason)."
        case .standardOutput(let code): "Standard output cannot be written: \(String(cString: strerror(code)))."
        }
    }
}

/// The simulator on the wire.
public struct SimulatorServer: Sendable {
    /// Requests still running this long after a signal are cut off.
    private static let longestFarewell = Duration.seconds(2)

    private let options: SimulatorOptions

    public init(_ options: SimulatorOptions) {
        self.options = options
    }

    /// Serves until SIGTERM or SIGINT; announces itself on standard output once it listens.
    public func run() async throws(SimulatorFailure) {
        let announcement = Announcement()
        var logger = Logger(label: "pictory-simulator", factory: { StreamLogHandler.standardError(label: $0) })
        // A reset connection is what this program is for; it is not worth a line.
        logger.logLevel = .critical
        let application = Application(
            responder: responder(),
            configuration: .init(address: .hostname("127.0.0.1", port: options.port), backlog: 1024),
            onServerRunning: { announcement.make(port: $0.localAddress?.port ?? 0) },
            logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = SimulatorServer.longestFarewell
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let failure as IOError where failure.errnoCode == EADDRINUSE {
            throw .portInUse(options.port)
        } catch {
            // Once it was listening, an error is only how requests cut off at the end are reported.
            guard announcement.wasMade else { throw .cannotListen("\(error)") }
        }
        if let failure = announcement.failure { throw failure }
    }

    func responder() -> SimulatorResponder {
        let clock = ContinuousClock()
        let start = clock.now
        let simulation = Simulation(
            scenario: options.scenario, seed: options.seed, timeScale: options.timeScale,
            forcedSize: options.imageSize)
        return SimulatorResponder(simulation) {
            Moment(seconds: (clock.now - start) / .seconds(1), unixTime: time(nil))
        }
    }
}

/// The one line that says where the simulator is, and whether it could be written.
private final class Announcement: Sendable {
    private let state = Mutex<(made: Bool, failure: SimulatorFailure?)>((false, nil))

    var wasMade: Bool { state.withLock { $0.made } }
    var failure: SimulatorFailure? { state.withLock { $0.failure } }

    func make(port: Int) {
        let line = JSON.object([
            ("base_url", .string("http://127.0.0.1:\(port)/pictoryapis")), ("api_key", .string(Simulation.apiKey)),
        ])
        var failure: SimulatorFailure?
        do throws(SimulatorFailure) {
            try StandardOutput.write(line.text + "\n")
        } catch {
            failure = error
            // Nobody can learn the port: end as on a signal, and let `run` report it.
            kill(getpid(), SIGTERM)
        }
        state.withLock { $0 = (true, failure) }
    }
}
