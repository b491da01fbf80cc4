package main

import (
	"net"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// newNamespace makes a namespace and opens it by a path, as CNI's plugins do.
func newNamespace() ns.NetNS {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	home, err := netns.Get()
	check(err)
	defer home.Close()
	_, err = netns.New()
	check(err)
	opened, err := ns.GetCurrentNS()
	check(err)
	check(netns.Set(home))
	return opened
}

func nothing(ns.NetNS) error { return nil }

func cniDo() func() float64 {
	target := newNamespace()
	return batches(func() { check(target.Do(nothing)) })
}

// cniDoAll does something in each of 100 namespaces, in a goroutine each.
func cniDoAll() func() float64 {
	targets := make([]ns.NetNS, 100)
	for i := range targets {
		targets[i] = newNamespace()
	}
	return func() float64 {
		var done sync.WaitGroup
		start := time.Now()
		for _, target := range targets {
			done.Add(1)
			go func(target ns.NetNS) {
				defer done.Done()
				check(target.Do(nothing))
			}(target)
		}
		done.Wait()
		return float64(time.Since(start).Nanoseconds()) / float64(len(targets))
	}
}

func netInterfaces() func() float64 {
	target := newNamespace()
	list := func(ns.NetNS) error {
		_, err := net.Interfaces()
		return err
	}
	return batches(func() { check(target.Do(list)) })
}

// routeList reads all routes of the namespace whose path is the second argument.
func routeList() func() float64 {
	target, err := netns.GetFromPath(os.Args[2])
	check(err)
	handle, err := netlink.NewHandleAt(target)
	check(err)
	return func() float64 {
		start := time.Now()
		_, err := handle.RouteList(nil, netlink.FAMILY_V4)
		check(err)
		return float64(time.Since(start).Nanoseconds())
	}
}
