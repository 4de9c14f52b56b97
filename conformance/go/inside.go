package main

// What a service behind the gateway owes its callers, whatever it does: passport, deadline, trace. Uses an ordinary JWT
// library (golang-jwt); who is where is asked through lookup, which is the registry client's business.

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// defaultDeadline is the time for a request whose caller set none.
const defaultDeadline = 10 * time.Second

// keysAskedEvery limits how often unknown keys are asked for: anybody can make one up.
const keysAskedEvery = time.Second

var traceparent = regexp.MustCompile(`^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$`)

// passports knows who may be believed: the gateway about people, a service about itself.
type passports struct {
	app    string
	lookup func(app string) []string
	mutex  sync.Mutex
	keys   map[string]ed25519.PublicKey
	asked  map[string]time.Time
}

func newPassports(app string, lookup func(app string) []string) *passports {
	return &passports{app: app, lookup: lookup, keys: map[string]ed25519.PublicKey{}, asked: map[string]time.Time{}}
}

// check returns whom the token speaks for.
func (p *passports) check(token string) (string, error) {
	claims := jwt.RegisteredClaims{}
	issuer := ""
	keyOf := func(token *jwt.Token) (any, error) {
		if token.Header["typ"] != "passport+jwt" {
			return nil, errors.New("not a passport")
		}
		issuer = "GATEWAY"
		if role, isService := strings.CutPrefix(claims.Subject, "service:"); isService {
			issuer = strings.ToUpper(role)
		}
		if claims.Issuer != issuer {
			return nil, fmt.Errorf("signed by %q", claims.Issuer)
		}
		kid, _ := token.Header["kid"].(string)
		return p.key(issuer, kid)
	}
	_, err := jwt.ParseWithClaims(token, &claims, keyOf, jwt.WithValidMethods([]string{"EdDSA"}),
		jwt.WithAudience(p.app), jwt.WithExpirationRequired(), jwt.WithLeeway(5*time.Second))
	return claims.Subject, err
}

func (p *passports) key(issuer, kid string) (ed25519.PublicKey, error) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	name := issuer + " " + kid
	if p.keys[name] == nil && time.Since(p.asked[issuer]) > keysAskedEvery {
		p.asked[issuer] = time.Now()
		for _, address := range p.lookup(issuer) {
			// Another instance may answer; if none does, the passport is not believed.
			_ = p.learn(issuer, "http://"+address+"/.well-known/passport-keys")
		}
	}
	if key := p.keys[name]; key != nil {
		return key, nil
	}
	return nil, fmt.Errorf("nobody who signs for %s has the key %q", issuer, kid)
}

func (p *passports) learn(issuer, url string) error {
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var set struct {
		Keys []struct{ Kty, Crv, Kid, X string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&set); err != nil {
		return err
	}
	for _, key := range set.Keys {
		public, err := base64.RawURLEncoding.DecodeString(key.X)
		if err == nil && key.Crv == "Ed25519" && len(public) == ed25519.PublicKeySize {
			p.keys[issuer+" "+key.Kid] = public
		}
	}
	return nil
}

// asked is one request: who asks, which trace it belongs to. The time there is for it is the context's.
type asked struct {
	context.Context
	subject, passport, trace, flags, id string
}

func (a *asked) leftMs() int64 {
	until, _ := a.Deadline()
	return time.Until(until).Milliseconds()
}

// onward puts on a call what it needs to belong to this request.
func (a *asked) onward(request *http.Request) {
	request.Header.Set("bijou-passport", a.passport)
	request.Header.Set("bijou-deadline-ms", strconv.FormatInt(max(a.leftMs(), 0), 10))
	request.Header.Set("traceparent", fmt.Sprintf("00-%s-%s-%s", a.trace, randomHex(8), a.flags))
	request.Header.Set("x-request-id", a.id)
}

// inside checks what every request must have before handle sees it, and words what handle returns.
func inside(passports *passports, handle func(*asked, *http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passport := r.Header.Get("bijou-passport")
		subject, err := passports.check(passport)
		if err != nil {
			refuse(w, http.StatusUnauthorized, "passport-refused")
			return
		}
		left := defaultDeadline
		if ms, err := strconv.ParseUint(r.Header.Get("bijou-deadline-ms"), 10, 31); err == nil {
			left = time.Duration(ms) * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(r.Context(), left)
		defer cancel()
		request := &asked{ctx, subject, passport, randomHex(16), "00", r.Header.Get("x-request-id")}
		if trace := traceparent.FindStringSubmatch(r.Header.Get("traceparent")); trace != nil {
			request.trace, request.flags = trace[1], trace[2]
		}
		var body any
		if err = ctx.Err(); err == nil {
			body, err = handle(request, r)
		}
		var refused refusal
		switch {
		case ctx.Err() != nil:
			refuse(w, http.StatusGatewayTimeout, "deadline-passed")
		case errors.As(err, &refused):
			refuse(w, refused.status, refused.code)
		case err != nil:
			refuse(w, http.StatusInternalServerError, "internal")
		default:
			answer(w, http.StatusOK, "application/json", body)
		}
	})
}

// refusal is an answer that is not the one asked for.
type refusal struct {
	status int
	code   string
}

func (r refusal) Error() string { return r.code }

// refuse answers with problem details (RFC 9457).
func refuse(w http.ResponseWriter, status int, code string) {
	problem := map[string]any{"type": "/problems/" + code, "status": status, "code": code}
	answer(w, status, "application/problem+json", problem)
}

func answer(w http.ResponseWriter, status int, kind string, body any) {
	w.Header().Set("content-type", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func randomHex(bytes int) string {
	data := make([]byte, bytes)
	_, _ = rand.Read(data)
	return hex.EncodeToString(data)
}
