import Foundation
import Testing

extension EndToEnd {
    /// How the page looks, and whether everybody can use it.
    @Suite(.timeLimit(.minutes(3))) struct ReportLooksTests {
        /// The rules of WCAG 2.2 AA that can be checked by a program, by axe-core.
        private func expectAccessible(_ browser: Browser, _ what: String) async throws {
            try await browser.run(try Axe.script())
            let levels = #"["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]"#
            let outcome = try await browser.outcome(
                of: """
                    axe.run(document, { runOnly: \(levels), resultTypes: ["violations"] }).then(
                        results => done(results.violations.map(each => `${each.id}: ${each.nodes[0].html}`)),
                        error => done([String(error)]))
                    """)
            #expect(outcome as? [String] == [], "\(what)")
        }

        @Test(
            .enabled(if: Axe.file != nil, "scripts/check installs what judges accessibility"), arguments: [false, true])
        func isAccessibleInBothColourSchemes(isDark: Bool) async throws {
            let scheme = isDark ? "dark" : "light"
            let page = try await ReportNight.shared().page()
            try await Browser.with(.init(isDark: isDark)) { browser in
                try await browser.open(page)
                let ground = try await browser.value(
                    "getComputedStyle(document.documentElement).backgroundColor", as: String.self)
                let light = try #require(ground.firstMatch(of: /[0-9]+/)).0
                #expect((try #require(Int(light)) < 128) == isDark, "\(ground)")
                try await browser.keepScreenshot("top-\(scheme)")
                try await browser.run("for (const each of document.querySelectorAll('details')) each.open = true")
                try await expectAccessible(browser, "the page")
                try await browser.scrollToSheet()
                try await browser.waitForPictures()
                try await browser.keepScreenshot("images-\(scheme)")
                try await browser.click(".card")
                try await browser.wait(until: "document.querySelector('#record').textContent !== ''")
                try await expectAccessible(browser, "the large view")
                try await browser.keepScreenshot("large-\(scheme)")
            }
        }

        @Test(arguments: [390, 900, 1440])
        func nothingIsWiderThanTheWindow(width: Int) async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with(.init(width: width)) { browser in
                try await browser.open(page)
                #expect(try await browser.value("document.scrollingElement.scrollWidth", as: Int.self) <= width)
                // What is pressed is large enough for a finger: 24 pixels (WCAG 2.5.8).
                let small =
                    "[...document.querySelectorAll('button, select, input, summary, nav a')].filter(e => e.checkVisibility()"
                    + " && (e.getBoundingClientRect().height < 24 || e.getBoundingClientRect().width < 24)).map(e => e.outerHTML)"
                #expect(try await browser.value(small) == [String]())
                try await browser.keepScreenshot("top-\(width)")
            }
        }

        @Test func nothingJumpsWhileItLoads() async throws {
            let page = try await ReportNight.shared().page()
            try await Browser.with { browser in
                try await browser.command(
                    "Page.addScriptToEvaluateOnNewDocument",
                    [
                        "source": """
                        window.jumps = [];
                        window.shift = 0;
                        new PerformanceObserver(list => {
                            for (const { value, sources } of list.getEntries()) {
                                const nodes = sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
                                window.jumps.push(`${nodes}: ${value}`);
                                window.shift += value;
                            }
                        }).observe({ type: "layout-shift", buffered: true });
                        """
                    ])
                try await browser.openSheet(of: page)
                try await browser.waitForPictures()
                // A word that grows moves its neighbour by some pixels. What a person sees jump counts 0.1 and more
                // (https://web.dev/articles/cls).
                let isStill = try await browser.value("window.shift < 0.01", as: Bool.self)
                let jumps = try await browser.value("window.jumps.join()", as: String.self)
                #expect(isStill, "\(jumps)")
            }
        }
    }
}

/// axe-core, as scripts/check installs it.
private enum Axe {
    /// Nil where PyPI cannot be reached, which scripts/check says.
    static let file: URL? = {
        let libraries = Programs.repository.appendingPathComponent(".build/page-tools/lib")
        let versions = try? FileManager.default.contentsOfDirectory(at: libraries, includingPropertiesForKeys: nil)
        let files = (versions ?? []).map {
            $0.appendingPathComponent("site-packages/axe_playwright_python/axe.min.js")
        }
        return files.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static func script() throws -> String {
        try String(contentsOf: try #require(file), encoding: .utf8)
    }
}
