package main

import (
	"runtime"

	"github.com/containernetworking/plugins/pkg/ns"
	"github.com/vishvananda/netns"
)

// newNamespace makes a namespace and opens it as CNI's plugins do, by a path.
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

func cniDo() func() float64 {
	target := newNamespace()
	return batches(func() {
		check(target.Do(func(ns.NetNS) error { return nil }))
	})
}
