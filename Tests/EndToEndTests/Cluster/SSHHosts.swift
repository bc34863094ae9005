import Foundation
import Testing

/// Three hosts with sshd, each in a network namespace, for one test. All of it ends with this object.
final class SSHHosts: Sendable {
    /// Whether this machine can have them.
    static let isPossible =
        geteuid() == 0
        && ["/usr/sbin/sshd", "/usr/bin/parallel", "/usr/sbin/ip"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    static let isMissing: Comment =
        "only root with openssh-server, parallel and iproute2 can have hosts: a night over ssh was NOT tried"

    private let scratch: Scratch
    /// Brings what the hosts ask of the API from their network to the simulator.
    private let door: RunningProgram
    private let network: RunningProgram
    /// The program in the network of which the others are reached.
    private let inside: String

    init(_ simulator: Simulator) async throws {
        scratch = try Scratch()
        let daemons = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Cluster/Daemons")
        let port = try #require(URL(string: simulator.url)?.port)
        let socket = scratch.path("api")
        door = try RunningProgram(
            URL(fileURLWithPath: "/usr/bin/python3"),
            [daemons.appendingPathComponent("forward.py").path, socket, "127.0.0.1:\(port)"], environment: [:],
            in: scratch)
        try await door.wait { _ in FileManager.default.fileExists(atPath: socket) }
        network = try RunningProgram(
            URL(fileURLWithPath: "/usr/bin/unshare"),
            [
                "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "--net", "--mount",
                daemons.appendingPathComponent("hosts").path, scratch.url.path, socket, "\(port)",
            ],
            environment: ["PATH": "\(Programs.directory.path):/usr/sbin:/usr/bin:/sbin:/bin"], in: scratch)
        let ready = scratch.path("ssh_config")
        try await network.wait { _ in FileManager.default.fileExists(atPath: ready) }
        let said = network.standardError
        try #require(network.isRunning, "the hosts did not start: \(said)")
        let child = try await tool("/usr/bin/pgrep", ["--parent", "\(network.id)"], in: scratch)
        inside = child.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The same command, in the network of the hosts.
    func entering(_ command: String) -> String { "nsenter --target \(inside) --net -- \(command)" }

    /// A program to be put before ssh, so that it knows the hosts by their names, and a lost one after some seconds.
    var ssh: String {
        """
        exec /usr/bin/ssh -F '\(scratch.path("ssh_config"))' -o ServerAliveInterval=1 -o ServerAliveCountMax=3 \
        -o ConnectTimeout=5 "$@"
        """
    }
}
