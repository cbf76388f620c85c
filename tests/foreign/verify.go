// verify - reads what anzheng hands out with code that is not ours: golang.org/x/mod/sumdb.
//
//	verify tiles DIR                     the whole export: signature, every entry against its leaf
//	                                     hash, every tile, sampled inclusions, consistency with
//	                                     every earlier checkpoint
//	verify proof VKEY FILE...            tlog-proofs: signature, leaf hash of the entry, inclusion
//	verify cosigned VKEY WITNESS FILE    a checkpoint: signature, cosignature of the witness
//
// Ends with 0 and one line, or with 1 and what is wrong. Built without network and without modules:
// the packages are those of Debian's golang-golang-x-mod-dev.
package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // of a tile: 256 hashes

func fail(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	must(err, "read")
	return data
}

// A checkpoint is a signed note of three lines: tlog.ParseTree knows one origin only.
func openCheckpoint(text []byte, vkey string) (tlog.Tree, []note.Signature) {
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	must(err, "vkey")
	opened, err := note.Open(text, note.VerifierList(verifier))
	must(err, "checkpoint")
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		fail("checkpoint: not of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	root, err := tlog.ParseHash(lines[2])
	must(err, "root")
	return tlog.Tree{N: size, Hash: root}, opened.UnverifiedSigs
}

// --- tiles -----------------------------------------------------------------------------------

type folder struct{ dir string }

func (f folder) Height() int                     { return height }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) path(t tlog.Tile) string {
	path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(f.dir, strings.Replace(path, "tile/data/", "tile/entries/", 1))
}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(f.path(tile))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", tile.Path(), len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

// Entries of a bundle: a length in two bytes before each.
func split(data []byte, count int, path string) [][]byte {
	var entries [][]byte
	for i := 0; i < count; i++ {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			fail("%s: cut short", path)
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(data) > 0 {
		fail("%s: bytes behind the last entry", path)
	}
	return entries
}

func width(count, index int64) int {
	if left := count - index<<height; left < 1<<height {
		return int(left)
	}
	return 1 << height
}

// Every entry against its leaf hash, every hash of a level against the tile below it.
func checkTiles(f folder, size int64) (entries int64) {
	for level := 0; size>>(height*level) > 0; level++ {
		count := size >> (height * level)
		for n := int64(0); n<<height < count; n++ {
			tile := tlog.Tile{H: height, L: level, N: n, W: width(count, n)}
			hashes, err := f.ReadTiles([]tlog.Tile{tile})
			must(err, "tile")
			if level == 0 {
				data := tlog.Tile{H: height, L: -1, N: n, W: tile.W}
				for i, entry := range split(read(f.path(data)), tile.W, data.Path()) {
					leaf := tlog.RecordHash(entry)
					if !bytes.Equal(leaf[:], hashes[0][i*tlog.HashSize:(i+1)*tlog.HashSize]) {
						fail("entry %d: not what the tile says", n<<height+int64(i)+1)
					}
					entries++
				}
			}
			if above := size >> (height * (level + 1)); n < above {
				parent := tlog.Tile{H: height, L: level + 1, N: n >> height, W: width(above, n>>height)}
				data, err := f.ReadTiles([]tlog.Tile{parent})
				must(err, "tile")
				at := (n & (1<<height - 1)) * tlog.HashSize
				var nodes []tlog.Hash
				for i := 0; i < tile.W; i++ {
					var hash tlog.Hash
					copy(hash[:], hashes[0][i*tlog.HashSize:])
					nodes = append(nodes, hash)
				}
				for ; len(nodes) > 1; nodes = nodes[:len(nodes)/2] {
					for i := 0; i < len(nodes)/2; i++ {
						nodes[i] = tlog.NodeHash(nodes[2*i], nodes[2*i+1])
					}
				}
				if !bytes.Equal(nodes[0][:], data[0][at:at+tlog.HashSize]) {
					fail("%s: not what the level above says", tile.Path())
				}
			}
		}
	}
	return entries
}

func checkExport(dir string) {
	f := folder{dir}
	vkey := string(read(filepath.Join(dir, "log.vkey")))
	tree, _ := openCheckpoint(read(filepath.Join(dir, "checkpoint")), vkey)
	entries := checkTiles(f, tree.N)
	reader := tlog.TileHashReader(tree, f)
	root, err := tlog.TreeHash(tree.N, reader)
	must(err, "root")
	if root != tree.Hash {
		fail("root: %v, signed: %v", root, tree.Hash)
	}
	inclusions := 0
	for n := int64(0); n < tree.N; n += 1 + tree.N/61 {
		hashes, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, n)})
		must(err, "leaf")
		proof, err := tlog.ProveRecord(tree.N, n, reader)
		must(err, "inclusion")
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, n, hashes[0]), "inclusion")
		inclusions++
	}
	earlier, err := filepath.Glob(filepath.Join(dir, "checkpoints", "*.txt"))
	must(err, "checkpoints")
	for _, path := range earlier {
		old, _ := openCheckpoint(read(path), vkey)
		if old.N == 0 || old.N > tree.N {
			fail("%s: of %d events", path, old.N)
		}
		proof, err := tlog.ProveTree(tree.N, old.N, reader)
		must(err, "consistency")
		must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash), path)
	}
	fmt.Printf("sound: %d entries, %d inclusions, %d checkpoints\n", entries, inclusions, len(earlier))
}

// --- proofs ----------------------------------------------------------------------------------

func checkProof(vkey, path string) {
	head, checkpoint, found := strings.Cut(string(read(path)), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("%s: no proof", path)
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must(err, "extra")
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	must(err, "index")
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		must(err, "hash")
		proof = append(proof, hash)
	}
	tree, _ := openCheckpoint([]byte(checkpoint), vkey)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)), path)
}

// --- cosignatures ----------------------------------------------------------------------------

// x/mod has no cosignatures: type 4, a time of eight bytes before the signature.
func checkCosigned(vkey, witness, path string) {
	tree, others := openCheckpoint(read(path), vkey)
	parts := strings.SplitN(strings.TrimSpace(witness), "+", 3)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err, "witness")
	if len(key) != 33 || key[0] != 4 {
		fail("witness: not the key of one")
	}
	id, err := strconv.ParseUint(parts[1], 16, 32)
	must(err, "witness")
	text, _, _ := strings.Cut(string(read(path)), "\n\n")
	for _, signature := range others {
		data, err := base64.StdEncoding.DecodeString(signature.Base64)
		must(err, "cosignature")
		if signature.Name != parts[0] || signature.Hash != uint32(id) || len(data) != 4+8+64 {
			continue
		}
		time := binary.BigEndian.Uint64(data[4:])
		signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s\n", time, text)
		if !ed25519.Verify(key[1:], []byte(signed), data[12:]) {
			fail("cosignature: wrong")
		}
		fmt.Printf("sound: %d events, cosigned at %d\n", tree.N, time)
		return
	}
	fail("cosignature: none of %s", parts[0])
}

func main() {
	args := os.Args[1:]
	switch {
	case len(args) == 2 && args[0] == "tiles":
		checkExport(args[1])
	case len(args) >= 3 && args[0] == "proof":
		for _, path := range args[2:] {
			checkProof(args[1], path)
		}
		fmt.Printf("sound: %d proofs\n", len(args)-2)
	case len(args) == 4 && args[0] == "cosigned":
		checkCosigned(args[1], args[2], args[3])
	default:
		fail("verify tiles DIR | proof VKEY FILE... | cosigned VKEY WITNESS FILE")
	}
}
