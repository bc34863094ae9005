import Foundation
import Testing

/// Architecture.md is the map of what Package.swift says.
@Suite struct ArchitectureTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The targets of the product and of the simulator in Package.swift, each with those of ours that it depends on.
    private func targets() throws -> [String: Set<String>] {
        let text = try String(contentsOf: Self.repository.appendingPathComponent("Package.swift"), encoding: .utf8)
        var targets: [String: Set<String>] = [:]
        // Each declaration ends where the next begins.
        for part in text.split(separator: /\n        \.(?=[a-z])/).dropFirst() {
            guard let head = part.firstMatch(of: /^(target|executableTarget)\(\s*name: "([^"]+)"/) else { continue }
            // What stands among the tests is no part of the map.
            guard !part.contains("path: \"Tests/") else { continue }
            let list = part.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.1 ?? ""
            let own = list.replacing(/\.product\([^)]*\)/, with: "")
            targets[String(head.2)] = Set(own.matches(of: /"([^"]+)"/).map { String($0.1) })
        }
        try #require(targets.count > 5)
        return targets
    }

    /// The map is that of Package.swift: the same targets, and of each the same arrows to targets of ours.
    @Test func mapNamesEveryTargetAndWhatItMayImport() throws {
        let file = Self.repository.appendingPathComponent("Sources/pictory-fetch/Documentation.docc/Architecture.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        var rows: [String: Set<String>] = [:]
        for line in page.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            // A remark may stand behind a name.
            let imports = Set(
                cells[2].split(separator: ",").compactMap { $0.split(separator: " ").first.map(String.init) })
            for name in cells[0].matches(of: /`([^`]+)`/) { rows[String(name.1)] = imports }
        }
        let targets = try targets()
        let manifest = Self.repository.appendingPathComponent("Package.swift")
        let libraries = try Set(
            String(contentsOf: manifest, encoding: .utf8).matches(of: /\.systemLibrary\(name: "([^"]+)"/).map {
                String($0.1)
            })
        #expect(Set(rows.keys) == Set(targets.keys), "\(Set(rows.keys).symmetricDifference(targets.keys))")
        for (name, imports) in rows.sorted(by: { $0.key < $1.key }) {
            // The simulator's program shares its library's row.
            guard name != "pictory-simulator", let expected = targets[name] else { continue }
            let known = imports.filter { targets[$0] != nil || libraries.contains($0) }
            #expect(known == expected, "\(name)")
        }
    }
}
