import JSONBridge
import Testing

@Suite struct JSONErrorTests {
    @Test func descriptionIsOneSentenceWithAColumnFromOne() {
        #expect(error(in: #"{"prompt":"a cat"#)?.description == "a string is not closed, at column 11")
    }

    @Test func everyReasonHasASentenceOfItsOwn() {
        let sentences = JSONError.Reason.allCases.map { JSONError($0, at: 0).description }
        #expect(Set(sentences).count == JSONError.Reason.allCases.count)
    }

    @Test(arguments: [
        ("", JSONError(.empty, at: 0)),
        (" \n", JSONError(.empty, at: 2)),
        (#"{"a":1"#, JSONError(.unclosedObject, at: 0)),
        (#"[0,{"a":[1,"#, JSONError(.unclosedArray, at: 8)),
        (#"{"a" 1}"#, JSONError(.expectedColon, at: 5)),
        (#"{"a":1 "b":2}"#, JSONError(.expectedCommaInObject, at: 7)),
        ("[1 2]", JSONError(.expectedCommaInArray, at: 3)),
        ("{a:1}", JSONError(.expectedName, at: 1)),
        (#"{"a":}"#, JSONError(.expectedValue, at: 5)),
        ("[true,fals]", JSONError(.expectedValue, at: 6)),
        (#"["ab\q"]"#, JSONError(.invalidEscape, at: 4)),
        (#"["ab\u12G4"]"#, JSONError(.invalidEscape, at: 4)),
        ("[1, 02]", JSONError(.invalidNumber, at: 4)),
        ("[1, -1e999]", JSONError(.numberOutOfRange, at: 4)),
        (#"{} {"#, JSONError(.trailingBytes, at: 3)),
    ])
    func errorTellsTheByte(text: String, expected: JSONError) {
        #expect(error(in: text) == expected)
    }
}
