import Foundation
import Testing

/// The program that drives a browser for the tests.
enum ChromeDriver {
    private static let path = "/usr/bin/chromedriver"

    /// It takes a port that is free for IPv6, and gives up if the same is taken for IPv4: other tests open ports too.
    private static let attempts = 5

    /// Starts it; returns the port at which it listens.
    static func start(in scratch: Scratch) async throws -> (RunningProgram, port: UInt16) {
        try #require(
            FileManager.default.isExecutableFile(atPath: path), "there is no chromedriver: scripts/setup installs it")
        let started = /started successfully on port ([0-9]+)/
        var complaint = ""
        for _ in 0..<attempts {
            let driver = try RunningProgram(
                URL(fileURLWithPath: path), ["--port=0"],
                environment: ["PATH": "/usr/bin:/bin", "HOME": scratch.url.path], in: scratch)
            try await driver.wait { $0.standardOutput.contains(started) }
            if let found = driver.standardOutput.firstMatch(of: started) {
                return (driver, try #require(UInt16(found.1)))
            }
            complaint = driver.standardOutput
        }
        throw Browser.DriverError(description: "chromedriver did not start: \(complaint)")
    }
}
