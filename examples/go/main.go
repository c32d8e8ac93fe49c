// An API in plain Go: each request is let through when the broker has spent its token, for this very request. Nothing
// of an answer is kept: it was for one request.
package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	maxBodyBytes = 1 << 20
	assertion    = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

type guard struct {
	issuer, clientID, keyID, origin string
	key                             *ecdsa.PrivateKey
	http                            *http.Client
}

type grant struct {
	Active  bool   `json:"active"`
	Subject string `json:"sub"`
}

type grantKey struct{}

// protect answers 401 to whatever the broker does not call active, and 503 when the broker does not answer.
func (g *guard) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, found := strings.CutPrefix(r.Header.Get("Authorization"), "DPoP ")
		proofs := r.Header.Values("DPoP")
		if !found || len(r.Header.Values("Authorization")) != 1 || len(proofs) != 1 {
			refuse(w)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyBytes))
		if err != nil {
			http.Error(w, "the body cannot be read", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form := url.Values{
			"token":           {token},
			"http_method":     {r.Method},
			"http_target_uri": {g.origin + r.RequestURI},
			"dpop_proof":      {proofs[0]},
		}
		if len(body) > 0 {
			sum := sha256.Sum256(body)
			form.Set("content_digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
			form.Set("http_content_type", r.Header.Get("Content-Type"))
		}
		granted, err := g.introspect(r.Context(), form)
		switch {
		case err != nil:
			log.Printf("the broker did not answer: %v", err)
			w.Header().Set("Retry-After", "1")
			http.Error(w, "not now", http.StatusServiceUnavailable)
		case !granted.Active:
			refuse(w)
		default:
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), grantKey{}, granted)))
		}
	})
}

func refuse(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `DPoP error="invalid_token"`)
	http.Error(w, "no token, or none for this request", http.StatusUnauthorized)
}

// introspect repeats itself once with the same Idempotency-Key: an answer that was lost is given again, not spent again.
func (g *guard) introspect(ctx context.Context, form url.Values) (grant, error) {
	repeatKey := `"` + randomText() + `"`
	granted, err := g.ask(ctx, form, repeatKey)
	if err != nil {
		return g.ask(ctx, form, repeatKey)
	}
	return granted, nil
}

func (g *guard) ask(ctx context.Context, form url.Values, repeatKey string) (grant, error) {
	var granted grant
	own, err := g.assertion()
	if err != nil {
		return granted, err
	}
	form.Set("client_assertion_type", assertion)
	form.Set("client_assertion", own)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.issuer+"/introspect", strings.NewReader(form.Encode()))
	if err != nil {
		return granted, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Idempotency-Key", repeatKey)
	response, err := g.http.Do(request)
	if err != nil {
		return granted, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return granted, errors.New(response.Status)
	}
	return granted, json.NewDecoder(io.LimitReader(response.Body, maxBodyBytes)).Decode(&granted)
}

// assertion says who asks (RFC 7523), for one request.
func (g *guard) assertion() (string, error) {
	now := time.Now().Unix()
	header, _ := json.Marshal(map[string]any{"alg": "ES256", "typ": "client-authentication+jwt", "kid": g.keyID})
	claims, _ := json.Marshal(map[string]any{
		"iss": g.clientID, "sub": g.clientID, "aud": g.issuer, "jti": randomText(), "iat": now, "exp": now + 50,
	})
	input := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, g.key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return input + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func randomText() string {
	bytes := make([]byte, 16)
	if _, err := rand.Read(bytes); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(bytes)
}

func main() {
	text, err := os.ReadFile(os.Getenv("KEY"))
	if err != nil {
		log.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		log.Fatal("KEY is no PEM file")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		log.Fatal(err)
	}
	key, isEC := parsed.(*ecdsa.PrivateKey)
	if !isEC {
		log.Fatal("KEY is no P-256 key")
	}
	g := &guard{
		issuer:   os.Getenv("ONCEKEY_ISSUER"),
		clientID: os.Getenv("CLIENT_ID"),
		keyID:    os.Getenv("KEY_ID"),
		origin:   os.Getenv("ORIGIN"), // as callers spell it: https://api.example
		key:      key,
		http:     &http.Client{Timeout: 5 * time.Second},
	}
	orders := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		granted, _ := r.Context().Value(grantKey{}).(grant)
		io.WriteString(w, granted.Subject+" at "+r.URL.Path)
	})
	server := &http.Server{Addr: os.Getenv("ADDRESS"), Handler: g.protect(orders), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}
