import Foundation
import Testing

/// Slurm with its real daemons, for one test: they live in a PID namespace, which ends with this object and takes them
/// and all jobs with it.
final class SlurmCluster: Sendable {
    /// Whether this machine can have one.
    static let isPossible =
        geteuid() == 0
        && ["slurmctld", "slurmd", "munged"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: "/usr/sbin/\($0)")
        }
    static let isMissing: Comment = "only root with slurm-wlm and munge can have Slurm: the night there was NOT tried"

    private let scratch: Scratch
    private let daemons: RunningProgram

    init() async throws {
        scratch = try Scratch()
        let script = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Cluster/Daemons/slurm")
        daemons = try RunningProgram(
            URL(fileURLWithPath: "/usr/bin/unshare"),
            ["--pid", "--fork", "--kill-child=KILL", "--mount-proc", script.path, scratch.url.path, "32"],
            environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], in: scratch)
        let ready = scratch.path("slurm.conf")
        try await daemons.wait { _ in FileManager.default.fileExists(atPath: ready) }
        let said = daemons.standardError
        try #require(daemons.isRunning, "Slurm did not start: \(said)")
    }

    /// What Slurm's programs need to find the daemons.
    var environment: [String: String] { ["SLURM_CONF": scratch.path("slurm.conf")] }
}
