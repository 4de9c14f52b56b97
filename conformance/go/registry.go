package main

// The registry, through fargo: registering, renewing, and who else is there.

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hudl/fargo"
	"github.com/op/go-logging"
)

type registry struct {
	connection fargo.EurekaConnection
	own        *fargo.Instance
	every      time.Duration
	mutex      sync.Mutex
	sources    map[string]*fargo.InstanceSetSource
}

func newRegistry(url, app string, port, renewEveryS, leaseS int) *registry {
	logging.SetLevel(logging.ERROR, "fargo")
	connection := fargo.NewConn(url)
	connection.PollInterval = time.Duration(renewEveryS) * time.Second
	own := &fargo.Instance{
		InstanceId:       fmt.Sprintf("127.0.0.1:%s:%d", strings.ToLower(app), port),
		HostName:         "127.0.0.1",
		App:              app,
		IPAddr:           "127.0.0.1",
		VipAddress:       strings.ToLower(app),
		SecureVipAddress: strings.ToLower(app),
		Status:           fargo.UP,
		Overriddenstatus: fargo.UNKNOWN,
		Port:             port,
		PortEnabled:      true,
		DataCenterInfo:   fargo.DataCenterInfo{Name: fargo.MyOwn},
		LeaseInfo:        fargo.LeaseInfo{RenewalIntervalInSecs: int32(renewEveryS), DurationInSecs: int32(leaseS)},
	}
	own.SetMetadataString("language", "go")
	own.SetMetadataString("colour", "blue & green")
	return &registry{connection: connection, own: own, every: connection.PollInterval,
		sources: map[string]*fargo.InstanceSetSource{}}
}

// stay registers and renews until the context ends, then deregisters.
func (r *registry) stay(ctx context.Context) {
	// A copy each time: fargo writes what the server says into what it was given, an operator's override among it.
	register := func() error { own := *r.own; return r.connection.ReregisterInstance(&own) }
	if err := register(); err != nil {
		log.Print("not registered yet: ", err)
	}
	beat := time.NewTicker(r.every)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			if err := r.connection.DeregisterInstance(r.own); err != nil {
				log.Print("not deregistered: ", err)
			}
			return
		case <-beat.C:
			err := r.connection.HeartBeatInstance(r.own)
			if status, known := fargo.HTTPResponseStatusCode(err); known && status == http.StatusNotFound {
				_ = register()
			}
		}
	}
}

// up is who can be called; fargo asks again at each interval from the first time on.
func (r *registry) up(app string) []*fargo.Instance {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.sources[app] == nil {
		source, err := r.connection.NewInstanceSetSourceForApp(app, true, fargo.ThatAreUp)
		if err != nil {
			return nil
		}
		r.sources[app] = source
	}
	return r.sources[app].Latest()
}

func (r *registry) addresses(app string) []string {
	var found []string
	for _, instance := range r.up(app) {
		found = append(found, fmt.Sprintf("%s:%d", instance.IPAddr, instance.Port))
	}
	return found
}

func (r *registry) seen(app string) []map[string]any {
	seen := []map[string]any{}
	for _, instance := range r.up(app) {
		colour, _ := instance.Metadata.GetString("colour")
		seen = append(seen, map[string]any{"id": instance.InstanceId, "port": instance.Port, "colour": colour})
	}
	return seen
}
