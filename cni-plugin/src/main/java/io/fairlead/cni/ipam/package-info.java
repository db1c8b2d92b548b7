/**
 * Which pod has which address: allocation from the node's pod CIDRs, and leases that outlive the
 * agent but not the boot.
 */
@NullMarked
package io.fairlead.cni.ipam;

import org.jspecify.annotations.NullMarked;
