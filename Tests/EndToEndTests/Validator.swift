import Foundation
import Synchronization
import Testing

/// Judges what the program writes by the schemas that it prints, with a validator that nobody here wrote.
///
/// One process of Python serves all tests of a run: to start one for each text would take longer than the tests. It
/// ends when this process does, because its standard input then ends.
final class Validator: Sendable {
    /// The schemas' names, as `pictory-fetch schema` takes them.
    enum Schema: String {
        case record, summary
    }

    static let shared = Validator()

    /// Our end of what is the validator's standard input and output.
    private let socket: Mutex<Int32>
    /// Nil if it could not be started; it then answers nothing, and every test says so.
    private let program: RunningProgram?

    private init() {
        var ends: [Int32] = [-1, -1]
        socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        socket = Mutex(ends[0])
        let script = Programs.repository.appendingPathComponent("Tests/EndToEndTests/Validators/validate.py").path
        let command = "exec /usr/bin/python3 '\(script)' '\(Programs.url("pictory-fetch").path)' >&0"
        let input = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        let scratch = try? Scratch()
        program = scratch.flatMap { scratch in
            try? RunningProgram(
                URL(fileURLWithPath: "/bin/sh"), ["-c", command], environment: [:], input: input, in: scratch)
        }
        // This object lives as long as the process, and nobody would remove the folder then. Once there is an answer
        // the folder is not needed any more.
        _ = socket.withLock { Self.answer(to: "record null", over: $0) }
        scratch.map { try? FileManager.default.removeItem(at: $0.url) }
    }

    /// What is wrong with a JSON text of one line; nil when it is as the schema demands.
    func fault(of text: String, by schema: Schema) -> String? {
        let answer = socket.withLock { Self.answer(to: "\(schema.rawValue) \(text)", over: $0) }
        switch answer {
        case "ok": return nil
        case "": return "the validator does not answer; scripts/setup installs what it needs"
        default: return answer
        }
    }

    /// Empty when there is none.
    private static func answer(to question: String, over socket: Int32) -> String {
        let question = Array((question + "\n").utf8)
        var sent = 0
        while sent < question.count {
            let count = question[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return "" }
            sent += count
        }
        var answer: [UInt8] = []
        var byte: UInt8 = 0
        while recv(socket, &byte, 1, 0) == 1, byte != UInt8(ascii: "\n") { answer.append(byte) }
        return String(decoding: answer, as: UTF8.self)
    }

    /// Records an issue if the text is not as the schema demands.
    static func expect(
        _ text: String, by schema: Schema, _ location: SourceLocation = #_sourceLocation
    ) {
        if let fault = shared.fault(of: text, by: schema) {
            Issue.record("not by the schema of a \(schema): \(fault)\n\(text)", sourceLocation: location)
        }
    }
}
