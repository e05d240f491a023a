/* SPDX-License-Identifier: MIT */
/*
 * The chosen level of each hardening measure: factors as those of factors.h, but each is off unless
 * Meson says otherwise, so that a build that knows nothing of them is the default one.
 */
#ifndef HAK_MEASURES_H
#define HAK_MEASURES_H

#ifndef HAK_CANARY
#    define HAK_CANARY "factors/canary/none.h"
#endif
#ifndef HAK_ZERO
#    define HAK_ZERO "factors/zero/none.h"
#endif
#ifndef HAK_SLOTS
#    define HAK_SLOTS "factors/slots/ordered.h"
#endif
#ifndef HAK_QUARANTINE
#    define HAK_QUARANTINE "factors/quarantine/none.h"
#endif
#ifndef HAK_GUARD
#    define HAK_GUARD "factors/guard/none.h"
#endif
#ifndef HAK_SIZED
#    define HAK_SIZED "factors/sized/ignored.h"
#endif
#ifndef HAK_SEAL
#    define HAK_SEAL "factors/seal/none.h"
#endif

#endif
