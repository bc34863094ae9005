import Foundation
import Testing

/// Chromium without a window and with a profile of its own, driven by the WebDriver protocol.
final class Browser: Sendable {
    /// How the browser is set up.
    struct Setup {
        var isDark = false
        var runsScript = true
        var width = 1440
        var height = 900
    }

    /// What cannot be done, as the driver tells it.
    struct DriverError: Error, CustomStringConvertible {
        let description: String
    }

    /// How long a condition may take to come true.
    private static let patience = Duration.seconds(20)

    /// Where files that the page saves go.
    let downloads: URL
    private let port: UInt16
    private let session: String
    private let driver: RunningProgram

    /// Lends a browser; it has ended when this returns.
    static func with<Result>(_ setup: Setup = Setup(), _ body: (Browser) async throws -> Result) async throws -> Result
    {
        let browser = try await Browser(setup)
        do {
            let result = try await body(browser)
            try await browser.end()
            return result
        } catch {
            // The first error tells more than one of the end.
            try? await browser.end()
            throw error
        }
    }

    private init(_ setup: Setup) async throws {
        let scratch = try Scratch()
        downloads = scratch.url.appendingPathComponent("downloads")
        (driver, port) = try await ChromeDriver.start(in: scratch)
        let capabilities = Self.capabilities(setup, profile: scratch.path("profile"), downloads: downloads.path)
        let body = ["capabilities": ["alwaysMatch": capabilities]]
        let reply = try Self.send("POST", port, "/session", body) as? [String: Any]
        session = "/session/\(try #require(reply?["sessionId"] as? String))"
        try await command(
            "Emulation.setDeviceMetricsOverride",
            ["width": setup.width, "height": setup.height, "deviceScaleFactor": 1, "mobile": false])
        try await command(
            "Emulation.setEmulatedMedia",
            [
                "features": [
                    ["name": "prefers-color-scheme", "value": setup.isDark ? "dark" : "light"],
                    // What is clicked stands still.
                    ["name": "prefers-reduced-motion", "value": "reduce"],
                ]
            ])
        if !setup.runsScript {
            try await command("Emulation.setScriptExecutionDisabled", ["value": true])
        }
    }

    private static func capabilities(_ setup: Setup, profile: String, downloads: String) -> [String: Any] {
        // Tests may run as root and in a container, where Chromium's sandbox and its shared memory do not work.
        let arguments = [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-extensions",
            "--user-data-dir=\(profile)", "--window-size=\(setup.width),\(setup.height)",
        ]
        let preferences: [String: Any] = [
            "download.default_directory": downloads, "download.prompt_for_download": false,
        ]
        return [
            "browserName": "chrome",
            "goog:chromeOptions": ["binary": "/usr/bin/chromium", "args": arguments, "prefs": preferences],
            "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
        ]
    }

    private func end() async throws {
        try Self.send("DELETE", port, session, [:])
        driver.signal(SIGTERM)
        _ = try await driver.end()
    }

    // MARK: The protocol

    /// Sends a request and returns the reply's value.
    @discardableResult
    private static func send(_ method: String, _ port: UInt16, _ path: String, _ body: [String: Any]) throws -> Any {
        let data = try JSONSerialization.data(withJSONObject: body)
        let answer = try LocalHTTP.send(method, port: port, path: path, body: data)
        let reply = try JSONSerialization.jsonObject(with: answer.body, options: .fragmentsAllowed) as? [String: Any]
        let value = reply?["value"] ?? NSNull()
        guard answer.status == 200 else {
            let error = value as? [String: Any]
            throw DriverError(description: "\(error?["error"] ?? answer.status): \(error?["message"] ?? "")")
        }
        return value
    }

    @discardableResult
    private func post(_ path: String, _ body: [String: Any] = [:]) async throws -> Any {
        try Self.send("POST", port, "\(session)/\(path)", body)
    }

    /// A command of Chromium's own protocol.
    @discardableResult
    func command(_ name: String, _ parameters: [String: Any] = [:]) async throws -> [String: Any] {
        try await post("goog/cdp/execute", ["cmd": name, "params": parameters]) as? [String: Any] ?? [:]
    }

    // MARK: What a person does

    func open(_ url: URL) async throws {
        try await post("url", ["url": url.absoluteString])
    }

    func goBack() async throws {
        try await post("back")
    }

    func click(_ selector: String) async throws {
        try await post("element/\(try await element(selector))/click")
    }

    /// Types into an element that takes text, after what stands there.
    func type(_ text: String, into selector: String) async throws {
        try await post("element/\(try await element(selector))/value", ["text": text])
    }

    /// Presses keys, one after the other, wherever the focus is.
    func press(_ keys: Key...) async throws {
        let strokes = keys.flatMap { key in
            ["keyDown", "keyUp"].map { ["type": $0, "value": key.rawValue] }
        }
        try await post("actions", ["actions": [["type": "key", "id": "keyboard", "actions": strokes]]])
    }

    /// Keys without a character, as the protocol numbers them.
    enum Key: String {
        case tab = "\u{E004}"
        case enter = "\u{E007}"
        case escape = "\u{E00C}"
        case end = "\u{E010}"
        case home = "\u{E011}"
        case left = "\u{E012}"
        case up = "\u{E013}"
        case right = "\u{E014}"
        case down = "\u{E015}"
    }

    /// The protocol's name of the first element that the selector finds.
    private func element(_ selector: String) async throws -> String {
        let found = try await post("element", ["using": "css selector", "value": selector]) as? [String: String]
        return try #require(found?.values.first)
    }

    // MARK: What a person sees

    /// What an expression in the page is.
    func value<Value>(_ expression: String, as type: Value.Type = Value.self) async throws -> Value {
        let value = try await post("execute/sync", ["script": "return (\(expression));", "args": [Any]()])
        return try #require(value as? Value, "\(expression) is \(value)")
    }

    /// Runs statements that call `done` with their result.
    func outcome(of script: String) async throws -> Any {
        try await post("execute/async", ["script": "const done = arguments[0];\n" + script, "args": [Any]()])
    }

    /// Runs statements, of which nothing is to be known.
    func run(_ script: String) async throws {
        try await post("execute/sync", ["script": script, "args": [Any]()])
    }

    /// The text of each element that the selector finds, as it is shown.
    func texts(_ selector: String) async throws -> [String] {
        try await value("[...document.querySelectorAll(\(literal(selector)))].map(each => each.innerText.trim())")
    }

    func text(_ selector: String) async throws -> String {
        try #require(await texts(selector).first, "there is no \(selector)")
    }

    func count(_ selector: String) async throws -> Int {
        try await value("document.querySelectorAll(\(literal(selector))).length")
    }

    /// Waits until an expression in the page is true.
    func wait(until expression: String, _ location: SourceLocation = #_sourceLocation) async throws {
        let end = ContinuousClock.now + Self.patience
        while try await !value("Boolean(\(expression))", as: Bool.self) {
            guard ContinuousClock.now < end else {
                Issue.record("this did not come true: \(expression)", sourceLocation: location)
                throw DriverError(description: "waited in vain")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What the page and the browser have complained of since the last time.
    func complaints() async throws -> [String] {
        try await log("browser").compactMap { $0["message"] as? String }
    }

    /// The urls that a page has asked for since the last time, its own included.
    func requests(of page: URL) async throws -> [String] {
        try await log("performance").compactMap { entry in
            guard let text = entry["message"] as? String else { return nil }
            let event = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let message = event?["message"] as? [String: Any]
            let parameters = message?["params"] as? [String: Any]
            guard message?["method"] as? String == "Network.requestWillBeSent",
                parameters?["documentURL"] as? String == page.absoluteString
            else { return nil }
            return (parameters?["request"] as? [String: Any])?["url"] as? String
        }
    }

    private func log(_ type: String) async throws -> [[String: Any]] {
        try await post("se/log", ["type": type]) as? [[String: Any]] ?? []
    }
}

/// A text as JavaScript spells it.
func literal(_ text: String) throws -> String {
    String(decoding: try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
}
