// Go's golang.org/x/oauth2, each way it has to send the credentials: `vcc_x_oauth2.go HOST:PORT`.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const (
	user  = "2f9207ca-8922-4245-bfc5-d8f42939e29a"
	spare = "c0000000-0000-4000-a000-442079460003"
	bound = "c0000000-0000-4000-a000-442079460002"
	skill = "f0000000-0000-4000-a000-000000000006"
)

type object = map[string]any

var (
	base        string
	checks      int
	differences []string
)

func same(what string, actual, expected any) {
	checks++
	if !reflect.DeepEqual(actual, expected) {
		differences = append(differences, fmt.Sprintf("%s: got %v, expected %v", what, actual, expected))
	}
}

func config(style oauth2.AuthStyle, secret string, scopes ...string) *clientcredentials.Config {
	return &clientcredentials.Config{
		ClientID:     "demo-client",
		ClientSecret: secret,
		TokenURL:     base + "/Auth/connect/token",
		Scopes:       scopes,
		AuthStyle:    style,
	}
}

// call sends a request by the client and gives the answer's body.
func call(client *http.Client, method, path string, body any, status int) object {
	var sent bytes.Buffer
	if body != nil {
		json.NewEncoder(&sent).Encode(body)
	}
	request, err := http.NewRequest(method, base+"/useradmin"+path, &sent)
	if err != nil {
		panic(err)
	}
	request.Header.Set("Accept", "application/vnd.newvoicemedia.v4+json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := client.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	same(method+" "+path+": status", response.StatusCode, status)
	var answer object
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		panic(err)
	}
	return answer
}

func first(answer object, list, member string) any {
	return answer[list].([]any)[0].(object)[member]
}

func total(answer object) any {
	return answer["meta"].(object)["totalCount"]
}

func everyEndpoint(client *http.Client) {
	own := "/users/" + user
	get := func(path string) object { return call(client, "GET", path, nil, 200) }
	same("the sample's numbers", total(get(own+"/callbackNumbers")), 3.0)
	all := get("/callbackNumbers?limit=5000")["callbackNumbers"].([]any)
	same("callback numbers", len(all) > 3, true)
	numbers := func(id string) object {
		return object{"callbackNumbers": []object{{"callbackNumberId": id}}}
	}
	call(client, "PUT", own+"/callbackNumbers", numbers(spare), 200)
	shown := get(own + "/callbackNumbers")
	same("the new set", first(shown, "callbackNumbers", "callbackNumberId"), spare)
	refusal := call(client, "PUT", own+"/callbackNumbers", numbers(bound), 409)
	same("a conflict's body", refusal["statusCode"], 409.0)
	same("users", total(get("/users?include=All")), 7.0)
	same("a user", get(own)["username"], "annakowalska")
	same("skills", first(get("/skills"), "skills", "skillId"), skill)
	level := object{"agentSkills": []object{{"skillId": skill, "agentSkillLevel": 3}}}
	call(client, "PUT", own+"/skills", level, 200)
	same("a level is text", first(get(own+"/skills"), "agentSkills", "agentSkillLevel"), "3")
	same("a group", get("/groups/" + skill)["groupName"], "Support")
	call(client, "PUT", own+"/groups", object{"agentGroups": []object{{"groupId": skill}}}, 200)
	same("groups of a user", total(get(own+"/groups")), 1.0)
	same("users of a group", total(get("/groups/"+skill+"/users")), 3.0)
	call(client, "GET", "/users/00000000-0000-0000-0000-000000000000", nil, 404)
	call(client, "GET", "/users?limit=0", nil, 400)
}

func refused(what, code, secret string, scopes ...string) {
	_, err := config(oauth2.AuthStyleInParams, secret, scopes...).Token(context.Background())
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) {
		same(what, err, code)
		return
	}
	var body object
	json.Unmarshal(refusal.Body, &body)
	same(what, body["error"], code)
}

func run() {
	defer func() {
		if broken := recover(); broken != nil {
			differences = append(differences, fmt.Sprintf("the run broke off: %v", broken))
		}
	}()
	ctx, secret := context.Background(), "demo-client-secret"
	found := config(oauth2.AuthStyleAutoDetect, secret, "users:read", "users:write")
	token, err := found.Token(ctx)
	if err != nil {
		panic(err)
	}
	same("token_type", strings.ToLower(token.TokenType), "bearer")
	same("no refresh token", token.RefreshToken, "")
	same("two hours", time.Until(token.Expiry).Round(time.Minute), 2*time.Hour)
	everyEndpoint(found.Client(ctx))
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInHeader, oauth2.AuthStyleInParams} {
		reader := config(style, secret, "users:read").Client(ctx)
		call(reader, "PUT", "/users/x/groups", object{}, 403)
	}
	refused("a wrong secret", "invalid_client", "wrong", "users:read")
	refused("an unknown scope", "invalid_scope", secret, "agents:read")
}

func main() {
	base = "http://" + os.Args[1]
	run()
	for _, difference := range differences {
		fmt.Println(difference)
	}
	fmt.Printf("checks: %d, differences: %d\n", checks, len(differences))
	if len(differences) > 0 {
		os.Exit(1)
	}
}
