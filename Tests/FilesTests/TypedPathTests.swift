import Files
import Testing

@Suite struct TypedPathTests {
    @Test(arguments: [
        ("a", "."), ("a/b", "a"), ("/a", "/"), ("/a/b", "/a"), ("a/", "."), ("a/b//", "a"), ("./a", "."), ("/", "/"),
        ("//", "/"), ("a//b", "a/"), ("", "."), ("é/ü", "é"), ("a\u{301}/b", "a\u{301}"),
    ])
    func parentIsWhereTheNameStands(path: String, parent: String) {
        #expect(TypedPath.parent(of: path) == parent)
    }

    @Test(arguments: [
        ("a", "a"), ("a/b", "b"), ("/a", "a"), ("a//b", "b"), ("a/", ""), ("/", ""), ("", ""), ("..", ".."),
        ("é/ü", "ü"),
        // A combining mark makes one character of itself and the slash before it.
        ("a/\u{301}b", "\u{301}b"),
    ])
    func lastNameIsWhatFollowsTheLastSlash(path: String, name: String) {
        #expect(TypedPath.lastName(of: path) == name)
    }

    @Test(arguments: [
        ("a", "a/n"), ("a/", "a/n"), ("a///", "a/n"), (".", "./n"), ("/", "/n"), ("//", "/n"), ("/a//b/", "/a//b/n"),
    ])
    func directoryAndNameAreJoinedByOneSlash(directory: String, path: String) {
        #expect(TypedPath.joined(directory, "n") == path)
    }

    @Test(arguments: [
        (1, "c"), (2, "b/c"), (3, "a/b/c"), (4, "/a/b/c"), (9, "/a/b/c"),
    ])
    func endOfAPathHasSoManyNames(count: Int, end: String) {
        #expect(TypedPath.lastNames(count, of: "/a/b/c") == end)
        #expect(TypedPath.lastNames(1, of: "c") == "c")
    }

    @Test(
        arguments: [
            ("o/a", "a", "o/"), ("o/7/a", "7/a", "o/"), ("/a", "a", "/"), ("a", "a", ""), ("7/a", "7/a", ""),
            ("o//a", "a", "o//"), ("o/b", "a", nil), ("o/xa", "a", nil), ("a", "o/a", nil),
            ("o/e\u{301}", "\u{e9}", nil), ("o/\u{e9}", "e\u{301}", nil), ("o/\u{301}a", "\u{301}a", "o/"),
        ] as [(String, String, String?)])
    func directoryIsThePathWithoutTheName(path: String, name: String, directory: String?) {
        #expect(TypedPath.directory(of: path, holding: name) == directory)
    }

    @Test(arguments: [
        ("a", ["a"]), ("a/b/c", ["a", "a/b", "a/b/c"]), ("/a/b", ["/a", "/a/b"]), ("a//b/", ["a", "a//b"]),
        ("./a", [".", "./a"]), ("../a", ["..", "../a"]), ("/", []), ("", []), ("é/ü", ["é", "é/ü"]),
    ])
    func stepsAreThePathsOfAllNames(path: String, steps: [String]) {
        #expect(TypedPath.steps(to: path) == steps)
    }
}
