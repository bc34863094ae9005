// What a person writes with Go's net/http: fetch API MANIFEST IMAGES. Polls, downloads, hashes, renames, records.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

const width = 64

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

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: width, MaxConnsPerHost: width}}

func get(url string, headers map[string]string) (*http.Response, error) {
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		return nil, err
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err == nil && response.StatusCode != 200 {
		response.Body.Close()
		err = fmt.Errorf("%s answered %s", url, response.Status)
	}
	return response, err
}

func fetch(api, id, images string) (record, error) {
	response, err := get(api+"/v1/jobs/"+id, map[string]string{"Authorization": "pictai_simulator"})
	if err != nil {
		return record{}, err
	}
	var answer reply
	err = json.NewDecoder(response.Body).Decode(&answer)
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if err != nil || answer.Data.Status != "completed" {
		return record{}, fmt.Errorf("%s is %s: %v", id, answer.Data.Status, err)
	}
	response, err = get(answer.Data.URL, nil)
	if err != nil {
		return record{}, err
	}
	defer response.Body.Close()
	final := filepath.Join(images, id+".png")
	part, err := os.Create(final + ".part")
	if err != nil {
		return record{}, err
	}
	defer part.Close()
	digest := sha256.New()
	size, err := io.Copy(io.MultiWriter(part, digest), response.Body)
	if err != nil {
		return record{}, err
	}
	if err = os.Rename(final+".part", final); err != nil {
		return record{}, err
	}
	return record{id, "downloaded", final, size, hex.EncodeToString(digest.Sum(nil))}, nil
}

func main() {
	api, manifest, images := os.Args[1], os.Args[2], os.Args[3]
	lines, err := os.Open(manifest)
	if err != nil {
		log.Fatal(err)
	}
	results, err := os.Create(filepath.Join(images, "results.jsonl"))
	if err != nil {
		log.Fatal(err)
	}
	ids := make(chan string, 1000)
	var lock sync.Mutex
	var workers sync.WaitGroup
	encoder := json.NewEncoder(results)
	for i := 0; i < width; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for id := range ids {
				done, err := fetch(api, id, images)
				if err != nil {
					log.Fatal(err)
				}
				lock.Lock()
				encoder.Encode(done)
				lock.Unlock()
			}
		}()
	}
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		var next job
		if err := json.Unmarshal(scanner.Bytes(), &next); err != nil {
			log.Fatal(err)
		}
		ids <- next.ID
	}
	close(ids)
	workers.Wait()
	if err := results.Close(); err != nil {
		log.Fatal(err)
	}
}
