import ArgumentParser
import Glibc
import PictorySimulator

/// How the program ends when it could not do what was asked.
enum Complaint {
    /// Says why on standard error and throws the exit status: 74 for output, 69 for a port that is not to be had.
    static func end(with failure: SimulatorFailure) throws -> Never {
        let text = "pictory-simulator: \(failure.sentence)\n"
        _ = text.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        switch failure {
        case .standardOutput: throw ExitCode(74)
        case .portInUse, .cannotListen: throw ExitCode(69)
        }
    }
}
