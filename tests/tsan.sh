#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a program built with ThreadSanitizer at fixed addresses: with the address randomisation of
# newer kernels, older sanitizers find their own memory taken.
setarch -R true 2> /dev/null && exec setarch -R "$@"
exec "$@"
