/** What Services mean, without a kernel: which endpoints serve which virtual address. */
@NullMarked
package io.fairlead.dataplane.service;

import org.jspecify.annotations.NullMarked;
