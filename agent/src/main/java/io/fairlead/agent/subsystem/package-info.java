/**
 * What the reconciling loop drives: one class per part of the kernel's state, each a thin bridge
 * between the cluster's records and the module that knows the kernel.
 */
@NullMarked
package io.fairlead.agent.subsystem;

import org.jspecify.annotations.NullMarked;
