package main

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

type place int

const (
	signature place = iota
	head
	data
	checksum
	end
)

// chunks follows a PNG as it arrives: signature, lengths, and every chunk's CRC-32, up to IEND.
type chunks struct {
	place place
	// What has come of a signature, of a chunk's length and type, or of its CRC-32.
	field  [8]byte
	filled int
	left   int
	sum    uint32
	last   bool
}

func (c *chunks) Write(bytes []byte) (int, error) {
	count := len(bytes)
	for len(bytes) > 0 {
		if c.place == data {
			now := min(c.left, len(bytes))
			c.sum = crc32.Update(c.sum, crc32.IEEETable, bytes[:now])
			bytes = bytes[now:]
			if c.left -= now; c.left == 0 {
				c.place = checksum
			}
			continue
		}
		wanted := 8
		if c.place == checksum {
			wanted = 4
		}
		now := copy(c.field[c.filled:wanted], bytes)
		bytes = bytes[now:]
		if c.filled += now; c.filled == wanted {
			c.filled = 0
			if err := c.takeField(); err != nil {
				return 0, err
			}
		}
	}
	return count, nil
}

// takeField acts on a field that is whole, and goes on to what follows it.
func (c *chunks) takeField() error {
	number := binary.BigEndian.Uint32(c.field[:4])
	switch c.place {
	case signature:
		if string(c.field[:]) != "\x89PNG\r\n\x1a\n" {
			return errors.New("no PNG")
		}
		c.place = head
	case head:
		c.left = int(number)
		c.sum = crc32.ChecksumIEEE(c.field[4:])
		c.last = string(c.field[4:]) == "IEND"
		c.place = data
		if c.left == 0 {
			c.place = checksum
		}
	case checksum:
		if number != c.sum {
			return errors.New("a chunk's CRC is wrong")
		}
		c.place = head
		if c.last {
			c.place = end
		}
	default:
		return errors.New("bytes after IEND")
	}
	return nil
}

func (c *chunks) finish() error {
	if c.place != end || c.filled > 0 {
		return errors.New("the image ends before IEND, or goes on after it")
	}
	return nil
}
