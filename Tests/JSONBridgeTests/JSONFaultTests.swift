import JSONBridge
import Testing

@Suite struct JSONFaultTests {
    @Test func descriptionIsOneSentenceWithAColumnFromOne() {
        #expect(fault(in: #"{"prompt":"a cat"#)?.description == "a string is not closed, at column 11")
    }

    @Test func everyReasonHasASentenceOfItsOwn() {
        let sentences = JSONFault.Reason.allCases.map { JSONFault($0, at: 0).description }
        #expect(Set(sentences).count == JSONFault.Reason.allCases.count)
    }

    @Test(arguments: [
        ("", JSONFault(.empty, at: 0)),
        (" \n", JSONFault(.empty, at: 2)),
        (#"{"a":1"#, JSONFault(.unclosedObject, at: 0)),
        (#"[0,{"a":[1,"#, JSONFault(.unclosedArray, at: 8)),
        (#"{"a" 1}"#, JSONFault(.expectedColon, at: 5)),
        (#"{"a":1 "b":2}"#, JSONFault(.expectedCommaInObject, at: 7)),
        ("[1 2]", JSONFault(.expectedCommaInArray, at: 3)),
        ("{a:1}", JSONFault(.expectedName, at: 1)),
        (#"{"a":}"#, JSONFault(.expectedValue, at: 5)),
        ("[true,fals]", JSONFault(.expectedValue, at: 6)),
        (#"["ab\q"]"#, JSONFault(.invalidEscape, at: 4)),
        (#"["ab\u12G4"]"#, JSONFault(.invalidEscape, at: 4)),
        ("[1, 02]", JSONFault(.invalidNumber, at: 4)),
        ("[1, -1e999]", JSONFault(.numberOutOfRange, at: 4)),
        (#"{} {"#, JSONFault(.trailingBytes, at: 3)),
    ])
    func faultTellsTheByte(text: String, expected: JSONFault) {
        #expect(fault(in: text) == expected)
    }
}
