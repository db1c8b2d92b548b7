/**
 * What the kernel keeps of attached pods beside their links: tables of nf_tables that the CNI
 * service's requests change, behind its {@link io.fairlead.cni.AttachmentRules}.
 */
@NullMarked
package io.fairlead.agent.subsystem.pod;

import org.jspecify.annotations.NullMarked;
