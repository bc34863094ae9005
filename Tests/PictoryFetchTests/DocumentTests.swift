import Foundation
import Testing

@testable import pictory_fetch

/// The documents name what is there: every link, every path, every flag.
@Suite struct DocumentTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A page of Markdown.
    private struct Page {
        let url: URL
        /// The text without fenced blocks, which hold commands and output and no links.
        let prose: String
        let blocks: String

        init(_ url: URL) throws {
            self.url = url.standardizedFileURL
            var lines: (prose: [Substring], blocks: [Substring]) = ([], [])
            var isFenced = false
            let text = try String(contentsOf: url, encoding: .utf8)
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("```") {
                    isFenced.toggle()
                } else if isFenced {
                    lines.blocks.append(line)
                } else {
                    lines.prose.append(line)
                }
            }
            prose = lines.prose.joined(separator: "\n")
            blocks = lines.blocks.joined(separator: "\n")
        }

        /// Where the page's links lead, as they are written.
        var links: [String] {
            prose.replacing(/`[^`\n]*`/, with: "").matches(of: /\[[^\]]*\]\(([^)\s]+)\)/).map { String($0.1) }
        }

        /// What stands in backquotes.
        var quoted: [String] { prose.matches(of: /`([^`\n]+)`/).map { String($0.1) } }

        /// The names by which the page's headings are linked to, as GitHub makes them.
        var anchors: Set<String> {
            Set(
                prose.matches(of: /(?m)^#+ +(.+)$/).map { match in
                    let kept = match.1.lowercased().filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
                    return kept.replacing(" ", with: "-")
                })
        }

        var name: String { url.path.replacing(DocumentTests.repository.standardizedFileURL.path + "/", with: "") }
    }

    private static let folders = ["Sources/pictory-fetch/Documentation.docc", ".github", "samples"]

    /// README.md and every page in the folders of documents.
    private func pages() throws -> [Page] {
        let found = Self.folders.flatMap { folder in
            (FileManager.default.subpaths(atPath: Self.repository.appendingPathComponent(folder).path) ?? [])
                .filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        try #require(found.count > 10)
        return try (["README.md"] + found.sorted()).map { try Page(Self.repository.appendingPathComponent($0)) }
    }

    private func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: Self.repository.appendingPathComponent(path).path)
    }

    @Test func readmeHasAtMost200Lines() throws {
        let file = Self.repository.appendingPathComponent("README.md")
        let lines = try String(contentsOf: file, encoding: .utf8).count { $0 == "\n" }
        #expect(lines <= 200)
    }

    @Test func everyLinkResolves() throws {
        let pages = try pages()
        for page in pages {
            for link in page.links where !link.hasPrefix("https://") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target =
                    parts[0].isEmpty
                    ? page.url
                    : URL(fileURLWithPath: String(parts[0]), relativeTo: page.url.deletingLastPathComponent())
                        .standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path), "\(page.name): \(link)")
                guard parts.count == 2 else { continue }
                let linked = pages.first { $0.url.path == target.path }
                #expect(linked?.anchors.contains(String(parts[1])) == true, "\(page.name): \(link)")
            }
        }
    }

    @Test func everyPageIsReachedFromTheReadme() throws {
        let pages = try pages()
        var reached: Set<String> = []
        var next = [Self.repository.appendingPathComponent("README.md").standardizedFileURL.path]
        while let path = next.popLast() {
            guard reached.insert(path).inserted else { continue }
            // A link to a folder leads to all of its pages.
            next += pages.map(\.url.path).filter { $0.hasPrefix(path + "/") }
            guard let page = pages.first(where: { $0.url.path == path }) else { continue }
            next += page.links.map { link in
                let file = link.prefix { $0 != "#" }
                return URL(fileURLWithPath: String(file), relativeTo: page.url.deletingLastPathComponent())
                    .standardizedFileURL.path
            }
        }
        for page in pages { #expect(reached.contains(page.url.path), "no page leads to \(page.name)") }
    }

    @Test func everyNamedFileExists() throws {
        let sources = ["Sources", "Tests"].flatMap { folder in
            FileManager.default.subpaths(atPath: Self.repository.appendingPathComponent(folder).path) ?? []
        }
        let names = Set(sources.map { URL(fileURLWithPath: $0).lastPathComponent })
        for page in try pages() {
            for text in page.quoted {
                let path = String(text.prefix { $0 != " " })
                if path.contains(/^(scripts|Sources|Tests|samples|\.github)\/[A-Za-z0-9_.+\/-]+$/) {
                    // A name in capitals stands for any.
                    guard !path.contains(/[A-Z]{4}/) || path.hasSuffix(".md") else { continue }
                    #expect(exists(path), "\(page.name): \(path)")
                } else if path.contains(/^[A-Za-z+]+\.swift$/), path != "Package.swift" {
                    #expect(names.contains(path), "\(page.name): \(path)")
                }
            }
        }
    }

    @Test func everyFlagExists() throws {
        let settings = Settings.all.flatMap { ["--\($0.name)", "--no-\($0.name)"] }
        let known = Set(settings).union([
            "--config", "--help", "--version", "--deep", "--manifest", "--online", "--output", "--history",
        ])
        // Flags of our scripts and of other programs.
        let others: Set = [
            "--prefix", "--uninstall", "--system", "--filter", "--explicit-target-dependency-import-check", "--product",
            "--port", "--seed", "--scenario", "--time-scale", "--jobs", "--unbuffered", "--line-buffered", "--check",
            "--strict", "--pipe", "--privileged", "--show-bin-path", "--wait", "--me", "--requeue", "--dependency",
            "--sshloginfile", "--joblog", "--resume-failed", "--file", "--tag", "--kustomize", "--namespace",
            "--from-file", "--filename", "--isolation", "--retry", "--max-time", "--data-binary", "--files-from-raw",
            "--rounds", "--program",
        ]
        for page in try pages() {
            for match in "\(page.prose)\n\(page.blocks)".matches(of: /(?:^|[\s`(])(--[a-z][a-z0-9-]+(?:\.[0-9]+)*)/) {
                let flag = String(match.1)
                #expect(known.contains(flag) || others.contains(flag), "\(page.name): \(flag)")
            }
        }
    }

    @Test func workflowRunsTheTestsAsAPersonDoes() throws {
        let file = Self.repository.appendingPathComponent(".github/workflows/test.yml")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("\n      - run: scripts/test\n"))
    }
}
