// What a person writes with Go's net/http: fetch API MANIFEST IMAGES CAP HTTP [CA].
// Polls, downloads, hashes, checks the chunks, renames, records.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"sync"
)

const bufferSize = 256 << 10

type job struct {
	ID string `json:"job_id"`
}

type reply struct {
	Data struct {
		Status string `json:"status"`
		URL    string `json:"url"`
	} `json:"data"`
}

type record struct {
	ID     string `json:"job_id"`
	Status string `json:"status"`
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// onlyWriter hides File's ReadFrom, so that io.CopyBuffer uses the buffer.
type onlyWriter struct{ io.Writer }

type run struct {
	api, images string
	client      *http.Client
	lock        sync.Mutex
	results     *os.File
}

func (r *run) get(url, key string) (*http.Response, error) {
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	if key != "" {
		request.Header.Set("Authorization", key)
	}
	response, err := r.client.Do(request)
	if err == nil && response.StatusCode != http.StatusOK {
		response.Body.Close()
		err = fmt.Errorf("%s answered %s", url, response.Status)
	}
	return response, err
}

func (r *run) fetch(id string, buffer []byte) error {
	response, err := r.get(r.api+"/v1/jobs/"+id, "pictai_simulator")
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	response.Body.Close()
	if err != nil {
		return err
	}
	var answer reply
	if err = json.Unmarshal(text, &answer); err != nil {
		return err
	}
	if answer.Data.Status != "completed" {
		return fmt.Errorf("%s is %s", id, answer.Data.Status)
	}
	response, err = r.get(answer.Data.URL, "")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	final := filepath.Join(r.images, id+".png")
	temporary := filepath.Join(r.images, "."+id+".part")
	part, err := os.Create(temporary)
	if err != nil {
		return err
	}
	defer part.Close()
	digest, proof := sha256.New(), chunks{}
	size, err := io.CopyBuffer(onlyWriter{io.MultiWriter(part, digest, &proof)}, response.Body, buffer)
	if err != nil {
		return err
	}
	if err = proof.finish(); err != nil {
		return err
	}
	if err = os.Rename(temporary, final); err != nil {
		return err
	}
	line, err := json.Marshal(record{id, "downloaded", final, size, hex.EncodeToString(digest.Sum(nil))})
	if err != nil {
		return err
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	_, err = r.results.Write(append(line, '\n'))
	return err
}

// newClient speaks one version of HTTP, and over TLS trusts the given authority alone.
func newClient(limit int, version, ca string) (*http.Client, error) {
	transport := &http.Transport{
		MaxIdleConnsPerHost: limit,
		MaxConnsPerHost:     limit,
		ReadBufferSize:      64 << 10,
		DisableCompression:  true,
		Protocols:           new(http.Protocols),
	}
	transport.Protocols.SetHTTP1(version == "1.1")
	transport.Protocols.SetHTTP2(version == "2")
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		trusted := x509.NewCertPool()
		if !trusted.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate", ca)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: trusted}
	}
	return &http.Client{Transport: transport}, nil
}

func main() {
	if len(os.Args) < 6 {
		log.Fatal("usage: fetch API MANIFEST IMAGES CAP HTTP [CA]")
	}
	// Little is kept, so that a heap of a few megabytes would be gone over all the time.
	debug.SetGCPercent(400)
	r := run{api: os.Args[1], images: os.Args[3]}
	lines, err := os.Open(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	limit, err := strconv.Atoi(os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	ca := ""
	if len(os.Args) > 6 {
		ca = os.Args[6]
	}
	if r.client, err = newClient(limit, os.Args[5], ca); err != nil {
		log.Fatal(err)
	}
	if r.results, err = os.Create(filepath.Join(r.images, "results.jsonl")); err != nil {
		log.Fatal(err)
	}
	ids := make(chan string, 1000)
	var workers sync.WaitGroup
	for range limit {
		workers.Go(func() {
			buffer := make([]byte, bufferSize)
			for id := range ids {
				if err := r.fetch(id, buffer); err != nil {
					log.Fatal(err)
				}
			}
		})
	}
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		var next job
		if err := json.Unmarshal(scanner.Bytes(), &next); err != nil {
			log.Fatal(err)
		}
		ids <- next.ID
	}
	if err := scanner.Err(); err != nil {
		log.Fatal(err)
	}
	close(ids)
	workers.Wait()
	if err := r.results.Close(); err != nil {
		log.Fatal(err)
	}
}
