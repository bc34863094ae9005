import Foundation
import Testing

/// A self-signed certificate with its key, made by `openssl` for one test.
struct ThrowawayCertificate {
    let certificateFile: String
    let keyFile: String

    /// Whether the tests that need a certificate can run.
    static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: openssl) }

    private static let openssl = "/usr/bin/openssl"

    /// Lends a certificate for a name (`DNS:localhost`, `IP:127.0.0.1`); its files are removed afterwards.
    static func withCertificate<R>(for name: String, _ body: (ThrowawayCertificate) async throws -> R) async throws -> R
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }  // left-overs harm nobody
        let certificate = ThrowawayCertificate(
            certificateFile: folder.appendingPathComponent("certificate.pem").path,
            keyFile: folder.appendingPathComponent("key.pem").path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=throwaway", "-addext", "subjectAltName=\(name)", "-keyout", certificate.keyFile, "-out",
            certificate.certificateFile,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl could not make a certificate")
        return try await body(certificate)
    }
}
