import ArgumentParser
import PictorySimulator

/// `pictory-simulator manifest`.
struct ManifestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Print a manifest of job ids, as JSON Lines.")

    @Option(help: "How many jobs.")
    var jobs: Int

    @Option(help: "The same seed gives the same ids on every machine.")
    var seed: UInt64 = 1

    /// Lines are handed to the system in pieces of about this many bytes.
    private static let pieceLength = 64 * 1024

    func validate() throws {
        guard jobs >= 0 else {
            throw ValidationError("--jobs must not be negative.")
        }
    }

    func run() throws {
        do throws(SimulatorFailure) {
            var piece = ""
            for line in Manifest(jobs: jobs, seed: seed) {
                piece += line
                piece += "\n"
                if piece.utf8.count >= ManifestCommand.pieceLength {
                    try StandardOutput.write(piece)
                    piece = ""
                }
            }
            try StandardOutput.write(piece)
        } catch {
            try Complaint.end(with: error)
        }
    }
}
