//! Bits by fixed point: logarithms and posteriors in integers, the same on every machine.
//!
//! One unit is 1/100 bit. No floats, no libm.

use crate::model::Probability;

/// 2^(62 − k/100) for k = 0 … 99, rounded to the nearest integer.
#[rustfmt::skip]
const POWERS: [u64; 100] = [
    4_611_686_018_427_387_904,
    4_579_830_776_212_142_987,
    4_548_195_574_227_854_200,
    4_516_778_892_545_622_179,
    4_485_579_221_735_463_366,
    4_454_595_062_793_788_704,
    4_423_824_927_071_383_263,
    4_393_267_336_201_883_363,
    4_362_920_822_030_747_724,
    4_332_783_926_544_719_259,
    4_302_855_201_801_774_107,
    4_273_133_209_861_554_546,
    4_243_616_522_716_282_433,
    4_214_303_722_222_149_872,
    4_185_193_400_031_183_787,
    4_156_284_157_523_581_155,
    4_127_574_605_740_511_625,
    4_099_063_365_317_384_301,
    4_070_749_066_417_575_496,
    4_042_630_348_666_614_249,
    4_014_705_861_086_822_467,
    3_986_974_262_032_406_530,
    3_959_434_219_124_997_263,
    3_932_084_409_189_635_152,
    3_904_923_518_191_197_756,
    3_877_950_241_171_266_237,
    3_851_163_282_185_427_989,
    3_824_561_354_241_012_352,
    3_798_143_179_235_256_407,
    3_771_907_487_893_897_906,
    3_745_853_019_710_192_356,
    3_719_978_522_884_351_355,
    3_694_282_754_263_399_251,
    3_668_764_479_281_445_244,
    3_643_422_471_900_368_056,
    3_618_255_514_550_910_329,
    3_593_262_398_074_179_904,
    3_568_441_921_663_555_187,
    3_543_792_892_806_991_804,
    3_519_314_127_229_727_766,
    3_495_004_448_837_384_407,
    3_470_862_689_659_460_350,
    3_446_887_689_793_215_784,
    3_423_078_297_347_944_366,
    3_399_433_368_389_630_064,
    3_375_951_766_885_986_279,
    3_352_632_364_651_874_618,
    3_329_474_041_295_100_679,
    3_306_475_684_162_584_254,
    3_283_636_188_286_901_364,
    3_260_954_456_333_195_553,
    3_238_429_398_546_455_894,
    3_216_059_932_699_159_169,
    3_193_844_984_039_273_715,
    3_171_783_485_238_622_434,
    3_149_874_376_341_602_478,
    3_128_116_604_714_259_165,
    3_106_509_124_993_711_657,
    3_085_050_899_037_927_985,
    3_063_740_895_875_847_003,
    3_042_578_091_657_844_875,
    3_021_561_469_606_543_712,
    3_000_690_019_967_960_005,
    2_979_962_739_962_990_489,
    2_959_378_633_739_233_135,
    2_938_936_712_323_140_923,
    2_918_635_993_572_506_121,
    2_898_475_502_129_272_780,
    2_878_454_269_372_675_171,
    2_858_571_333_372_699_927,
    2_838_825_738_843_869_635,
    2_819_216_537_099_345_678,
    2_799_742_786_005_348_103,
    2_780_403_549_935_890_343,
    2_761_197_899_727_826_603,
    2_742_124_912_636_209_756,
    2_723_183_672_289_957_607,
    2_704_373_268_647_825_395,
    2_685_692_797_954_682_407,
    2_667_141_362_698_090_622,
    2_648_718_071_565_183_277,
    2_630_422_039_399_841_306,
    2_612_252_387_160_165_573,
    2_594_208_241_876_242_870,
    2_576_288_736_608_203_651,
    2_558_493_010_404_569_472,
    2_540_820_208_260_888_156,
    2_523_269_481_078_654_680,
    2_505_839_985_624_515_820,
    2_488_530_884_489_756_586,
    2_471_341_346_050_066_508,
    2_454_270_544_425_583_837,
    2_437_317_659_441_215_734,
    2_420_481_876_587_232_560,
    2_403_762_386_980_134_347,
    2_387_158_387_323_787_596,
    2_370_669_079_870_830_515,
    2_354_293_672_384_344_852,
    2_338_031_378_099_792_486,
    2_321_881_415_687_214_930,
];

/// A logarithm that is asked for again and again.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Log2(i64);

impl Log2 {
    /// Returns log2(n); that of 1 for 0.
    pub fn of(n: u64) -> Log2 {
        Log2(log2_fine(n))
    }

    /// Returns it in 1/100 bit, rounded to the nearest.
    pub fn hundredths(self) -> i32 {
        hundredths(self.0)
    }

    /// Returns log2(n / den) in 1/100 bit, rounded to the nearest.
    pub fn over(self, den: u64) -> i32 {
        hundredths(self.0 - log2_fine(den))
    }
}

/// Returns log2(n) in 1/100 bit, rounded to the nearest; 0 for 0 and 1.
pub fn log2(n: u64) -> i32 {
    hundredths(log2_fine(n))
}

/// Returns log2(num / den) in 1/100 bit, rounded to the nearest; zeros count as ones.
pub fn log2_ratio(num: u64, den: u64) -> i32 {
    hundredths(log2_fine(num) - log2_fine(den))
}

/// Returns the posterior of every hypothesis: 2^(w/100) over the sum of all, in millionths, rounded down.
///
/// The order is kept. Where there is a rival at all, nobody reaches certainty; equal rivals share equally; no weights, no posteriors.
pub fn posterior(weights: &[i32]) -> Vec<Probability> {
    let Some(strongest) = weights.iter().max() else {
        return Vec::new();
    };
    let terms: Vec<u64> = weights.iter().map(|weight| power(*strongest, *weight)).collect();
    let sum: u128 = terms.iter().map(|term| u128::from(*term)).sum();
    terms
        .iter()
        .map(|term| Probability((u128::from(*term) * 1_000_000 / sum) as u32))
        .collect()
}

/// Returns 2^W / (1 + 2^W) in millionths, rounded down, for a weight of W in 1/100 bit.
pub fn probability(weight: i32) -> Probability {
    posterior(&[weight, 0]).first().copied().unwrap_or_default()
}

/// Returns 2^((weight − strongest)/100) in units of 2^−62; at least 1, so that a rival never vanishes.
fn power(strongest: i32, weight: i32) -> u64 {
    let below = i64::from(strongest) - i64::from(weight);
    let shift = below / 100;
    if shift >= 62 {
        return 1;
    }
    (POWERS[(below % 100) as usize] >> shift).max(1)
}

/// Returns log2(n) in 2^−24 bit: the integer part from the highest bit, the rest by squaring.
fn log2_fine(n: u64) -> i64 {
    match SMALL.get(n as usize) {
        Some(fine) => *fine,
        None => log2_step_by_step(n),
    }
}

/// Most counts are small.
static SMALL: [i64; 256] = {
    let mut all = [0; 256];
    let mut n = 1;
    while n < 256 {
        all[n] = log2_step_by_step(n as u64);
        n += 1;
    }
    all
};

const fn log2_step_by_step(n: u64) -> i64 {
    let whole = 63 - n.leading_zeros();
    // The mantissa in 1 ≤ m < 2 with 63 fractional bits.
    let mut mantissa = (n as u128) << (63 - whole);
    let mut fraction = 0_i64;
    let mut step = 0;
    while step < 24 {
        mantissa = (mantissa * mantissa) >> 63;
        fraction <<= 1;
        if mantissa >> 64 != 0 {
            mantissa >>= 1;
            fraction |= 1;
        }
        step += 1;
    }
    ((whole as i64) << 24) | fraction
}

fn hundredths(fine: i64) -> i32 {
    ((fine * 100 + (1 << 23)) >> 24) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn logarithms_of_integers() {
        for (n, hundredths) in [
            (0, 0),
            (1, 0),
            (2, 100),
            (3, 158),
            (8, 300),
            (10, 332),
            (1_000, 997),
            (20_000, 1_429),
            (1_000_000, 1_993),
            (1 << 63, 6_300),
            (u64::MAX, 6_400),
        ] {
            assert_eq!(log2(n), hundredths, "n: {n}");
        }
        for (num, den, hundredths) in [(1, 2, -100), (3, 3, 0), (1, 1_000, -997), (10, 3, 174), (0, 4, -200)] {
            assert_eq!(log2_ratio(num, den), hundredths, "{num}/{den}");
        }
    }

    #[test]
    fn posteriors_share_a_million() {
        for (weights, millionths) in [
            (vec![], vec![]),
            (vec![0], vec![1_000_000]),
            (vec![5, 5], vec![500_000, 500_000]),
            (vec![100, 0], vec![666_666, 333_333]),
            (vec![1_000, 0], vec![999_024, 975]),
            (vec![20_000, -20_000], vec![999_999, 0]),
            (vec![i32::MIN, i32::MAX], vec![0, 999_999]),
            (vec![-7, -7, -7], vec![333_333, 333_333, 333_333]),
        ] {
            let found: Vec<u32> = posterior(&weights).iter().map(|p| p.0).collect();
            assert_eq!(found, millionths, "weights: {weights:?}");
        }
        for (weight, millionths) in [(0, 500_000), (1_000, 999_024), (-1_000, 975), (i32::MAX, 999_999)] {
            assert_eq!(probability(weight).0, millionths, "weight: {weight}");
        }
    }

    proptest! {
        #[test]
        fn a_posterior_never_exceeds_one_and_follows_the_weights(
            weights in prop::collection::vec(-20_000_i32..20_000, 0..40),
        ) {
            let found = posterior(&weights);
            prop_assert!(found.iter().map(|p| u64::from(p.0)).sum::<u64>() <= 1_000_000);
            for (i, a) in weights.iter().enumerate() {
                for (j, b) in weights.iter().enumerate() {
                    if a >= b {
                        prop_assert!(found[i] >= found[j], "{a} {b}");
                    }
                }
            }
        }

        #[test]
        fn logarithms_agree_with_floats(n in 1_u64..u64::MAX) {
            let float = (n as f64).log2() * 100.0;
            prop_assert!((f64::from(log2(n)) - float).abs() <= 0.51, "{n}");
        }
    }
}
