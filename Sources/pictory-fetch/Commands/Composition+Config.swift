import FetchCore
import HTTPTransport
import JSONBridge

extension Composition {
    /// Prints what holds for a run with these flags, after the same checks of it.
    static func config(_ options: RunOptions) async -> ExitStatus {
        await concluding { _ in
            let settings = try EffectiveSettings(options, environment: Invocation.environment())
            let key = try APIKey.find(settings)
            let configuration = try RunConfiguration(settings, key: key)
            try configuration.transport.validate()
            var lines: [UInt8] = []
            for setting in Settings.all {
                lines += try setting.report(of: settings).line
            }
            lines += keyReport(key).line
            try StandardOutputLines().write(lines)
            return .success
        }
    }

    private static func keyReport(_ key: APIKey) -> SettingReport {
        let value = JSONOutput.string(APIKey.masked(key.text))
        return switch key.place {
        case .variable: SettingReport(name: "api-key", value: value, source: "environment", from: APIKey.variable)
        case .file(let path): SettingReport(name: "api-key", value: value, source: "file", from: path)
        case .credential(let path): SettingReport(name: "api-key", value: value, source: "credentials", from: path)
        }
    }
}
