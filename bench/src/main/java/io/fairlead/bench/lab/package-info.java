/**
 * The lab: nodes and pods made of network namespaces on one machine, joined by an underlay, with an
 * agent process per node and the CNI binary executed as a container runtime does. Namespaces have
 * no names, processes die with the thread that started them, files are in one folder that a helper
 * process removes: whatever interrupts a lab, nothing of it stays.
 */
@NullMarked
package io.fairlead.bench.lab;

import org.jspecify.annotations.NullMarked;
