import Glibc
import TestSupport
import Testing

@testable import Records

@Suite struct NamedDirectoryTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["images", "images/acme", "other"] { try #require(mkdir(folder(name), 0o700) == 0) }
        try #require(symlink("images", folder("link")) == 0)
    }

    private func holds(_ image: String, as name: String, in directory: String) -> Bool {
        var directory = NamedDirectory(directory)
        let first = directory.holds(image, as: name)
        // What is kept in mind says the same.
        return directory.holds(image, as: name) == first && first
    }

    @Test(arguments: ["images", "images/", "./images", "link", "other/../images"])
    func sameDirectoryIsKnownHoweverItIsSpelled(spelling: String) {
        #expect(holds("\(folder(spelling))/a.png", as: "a.png", in: folder("images")))
        #expect(holds("\(folder(spelling))/acme/a.png", as: "acme/a.png", in: folder("images")))
    }

    @Test(arguments: ["other/a.png", "images/acme/a.png", "gone/a.png", "a.png"])
    func imageOfAnotherDirectoryIsNone(path: String) {
        #expect(!holds(folder(path), as: "a.png", in: folder("images")))
    }

    @Test func nameThatThePathDoesNotEndInIsNone() {
        #expect(holds("images/a.png", as: "a.png", in: "images"))
        #expect(!holds("images/a.png", as: "b.png", in: "images"))
        #expect(!holds("images/xa.png", as: "a.png", in: "images"))
        #expect(!holds("images/e\u{301}.png", as: "\u{e9}.png", in: "images"))
    }

    @Test func directoryThatIsNotThereYetIsKnownByItsSpelling() {
        #expect(holds("not-here/a.png", as: "a.png", in: "not-here//"))
        #expect(!holds("not-there/a.png", as: "a.png", in: "not-here//"))
    }
}
