import ArgumentParser
import FetchCore
import JSONBridge
import Logging
import Records

/// The form of what is said on standard error.
enum LogFormat: String, ExpressibleByArgument, CaseIterable, SettingValue {
    /// Lines for a person.
    case text
    /// Each thing that is said is one JSON object on one line.
    case json
}

/// A fact beside the words of a log line.
typealias LogField = (name: String, value: JSONOutput)

extension StandardError {
    /// Says something in the run's form: each line after the program's name, or as an object with these fields too.
    func tell(_ level: Logger.Level, _ message: String, _ fields: [LogField] = []) {
        switch format {
        case .text: say(Self.prefixed(message))
        case .json: write(lines: Self.object(level, message, fields))
        }
    }

    private static func prefixed(_ message: String) -> String {
        "pictory-fetch: \(message.replacing("\n", with: "\npictory-fetch: "))"
    }

    /// `time`, `level` and `message` come first, always.
    private static func object(_ level: Logger.Level, _ message: String, _ fields: [LogField]) -> String {
        let first: [LogField] = [
            ("time", .string(Timestamp.now.rfc3339)), ("level", .string("\(level)")), ("message", .string(message)),
        ]
        return String(decoding: JSONOutput.object(first + fields).encoded(), as: UTF8.self)
    }
}

/// Log lines in the run's form; of an event's metadata only JSON says more than the message.
struct StandardErrorLogHandler: LogHandler {
    let output: StandardError
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(output: StandardError, level: Logger.Level) {
        self.output = output
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = all.sorted { $0.key < $1.key }.map { (name: $0.key, value: Self.value($0.value)) }
        output.tell(event.level, "\(event.message)", fields)
    }

    private static func value(_ value: Logger.Metadata.Value) -> JSONOutput {
        switch value {
        case .stringConvertible(let number as Int): .integer(number)
        case .stringConvertible(let value): .string("\(value)")
        case .string(let text): .string(text)
        case .array(let values): .array(values.map(Self.value))
        case .dictionary(let values):
            .object(values.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) })
        }
    }
}
