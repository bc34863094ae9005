import Foundation
import Testing

/// The built programs, which lie beside the test runner.
enum Programs {
    static let directory: URL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static func url(_ name: String) -> URL { directory.appendingPathComponent(name) }

    /// The repository's top level.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
}

/// A folder of one test's own, removed with it.
final class Scratch: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("pictory-fetch-tests-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is the temporary folder's to clean.
        try? FileManager.default.removeItem(at: url)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and returns its path.
    func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// All files below a folder of this one, by their relative paths, hidden ones too; none if there is no such folder.
    func files(in name: String) -> [String] {
        FileManager.default.subpaths(atPath: path(name))?.sorted() ?? []
    }
}

/// A program that runs; its output goes to files, so that no pipe can fill up or hang.
final class RunningProgram: @unchecked Sendable {
    private let process = Process()
    private let output: URL
    private let errors: URL
    private let scratch: Scratch

    init(
        _ program: URL, _ arguments: [String], environment: [String: String], input: FileHandle, in scratch: Scratch
    ) throws {
        self.scratch = scratch
        let name = UUID().uuidString
        output = scratch.url.appendingPathComponent("\(name).out")
        errors = scratch.url.appendingPathComponent("\(name).err")
        for file in [output, errors] {
            try Data().write(to: file)
        }
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = scratch.url
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    deinit {
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
        }
    }

    var standardOutput: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    var standardError: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    var id: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits until the text shows that it has come so far, or the program has ended.
    func wait(until condition: (RunningProgram) -> Bool) async throws {
        while !condition(self), process.isRunning {
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for the end; 128 + n for a signal n.
    func end() async throws -> Ended {
        while process.isRunning {
            try await Task.sleep(for: .milliseconds(2))
        }
        let signalled = process.terminationReason == .uncaughtSignal
        return Ended(
            status: process.terminationStatus + (signalled ? 128 : 0), standardOutput: standardOutput,
            standardError: standardError, crashed: signalled)
    }
}

/// How a program ended and what it said.
struct Ended: CustomStringConvertible {
    let status: Int32
    let standardOutput: String
    let standardError: String
    /// A signal ended it, and not its own exit.
    let crashed: Bool

    var description: String {
        "exit status \(status)\n--- standard output\n\(standardOutput)\n--- standard error\n\(standardError)"
    }

    /// The records on standard output.
    func records() throws -> [Record] { try Record.all(in: standardOutput) }
}
